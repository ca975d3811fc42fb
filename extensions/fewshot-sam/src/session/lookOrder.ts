import { caveatOn, openSlices, type DrawnSlices, type FoundStructure, type Review } from './review';
import { SURE } from './sureness';

/**
 * The slices that still need a look, in the order in which to look: the least sure first, so that one
 * can stop when they have become good and accept the rest. Slices without a promise come before all
 * others, and every slice beyond the outermost outlines comes before the first sure one. Where nothing is
 * known of how sure the slices are, they come in the order of the series.
 *
 * @param segmentIndices the structures that count
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

/** Highest expected Dice that comes before every sure one. */
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
 * The slice to look at after or before the one shown, going round.
 *
 * @param order see `lookOrder`
 * @param step 1 or -1
 * @returns null when none is left
 */
export function neighbourInOrder(
  order: readonly number[],
  current: number | null,
  step: 1 | -1,
): number | null {
  if (order.length === 0) return null;
  const position = current === null ? -1 : order.indexOf(current);
  if (position < 0) return step > 0 ? order[0] : order[order.length - 1];
  return order[(position + step + order.length) % order.length];
}

/** Where to go once `current` was decided: what came after it, else the first that is left. */
export function nextAfterDecision(
  before: readonly number[],
  after: readonly number[],
  current: number,
): number | null {
  const position = before.indexOf(current);
  const following = position < 0 ? [] : [...before.slice(position + 1), ...before];
  return following.find(slice => slice !== current && after.includes(slice)) ?? after[0] ?? null;
}
