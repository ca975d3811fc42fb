import { caveatOn, openSlices, type DrawnSlices, type FoundStructure, type Review } from './review';
import { SURE } from './sureness';

/**
 * Slices that still need a look, least sure first, so that the reader can stop once they are good and
 * accept the rest. Slices without a promise come first, and every slice beyond the outermost outlines
 * comes before the first sure one. Without any confidence, slices keep the order of the series.
 *
 * @param segmentIndices structures to consider
 */
export function lookOrder(
  review: Review,
  segmentIndices: readonly number[],
  drawn: DrawnSlices,
): number[] {
  const structures = review.structures.filter(({ segmentIndex }) =>
    segmentIndices.includes(segmentIndex),
  );
  const confidence = (slice: number) =>
    Math.min(...structures.map(structure => trusted(structure, slice)));
  return openSlices(review, segmentIndices, drawn).sort(
    (a, b) => order(confidence(a), confidence(b)) || a - b,
  );
}

/** Every found slice in the order of `lookOrder`, which no decision changes. */
export function foundOrder(
  review: Review,
  segmentIndices: readonly number[],
  drawn: DrawnSlices,
): number[] {
  return lookOrder({ ...review, decisions: new Map() }, segmentIndices, drawn);
}

/** Sorts before every sure slice. */
const ALMOST_SURE = SURE - 1e-6;

function trusted(structure: FoundStructure, slice: number): number {
  const caveat = caveatOn(structure, slice);
  if (caveat === 'no-promise') return -Infinity;
  const confidence = structure.confidences.get(slice) ?? Infinity;
  return caveat === 'extrapolated' ? Math.min(confidence, ALMOST_SURE) : confidence;
}

function order(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/**
 * The next or previous slice to look at, wrapping around.
 *
 * @param order see `lookOrder`
 * @param step 1 or -1
 * @returns null when none is left
 */
export function neighborInOrder(
  order: readonly number[],
  current: number | null,
  step: 1 | -1,
): number | null {
  if (order.length === 0) return null;
  const position = current === null ? -1 : order.indexOf(current);
  if (position < 0) return step > 0 ? order[0] : order[order.length - 1];
  return order[(position + step + order.length) % order.length];
}

/** Where to go after a decision on `current`: the slice that followed it, else the first one left. */
export function nextAfterDecision(
  before: readonly number[],
  after: readonly number[],
  current: number,
): number | null {
  const position = before.indexOf(current);
  const following = position < 0 ? [] : [...before.slice(position + 1), ...before];
  return following.find(slice => slice !== current && after.includes(slice)) ?? after[0] ?? null;
}
