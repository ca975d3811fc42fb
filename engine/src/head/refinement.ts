import { fitLogistic } from '../numeric/logisticRegression';
import { FINE_CELLS } from './headInput';

/**
 * Corrects the logits of heads by what the image shows in finer cells: a logistic regression on the logit,
 * the gray value, and both together. It is fitted on labeled slices that the heads did not learn from, so
 * that its probabilities hold on other patients, too.
 */
export interface Refinement {
  /** Gray values between which its weights are interpolated, ascending, 0..1. */
  knots: number[];
  /** At each knot, what is added to the logit, and what the logit is multiplied by. */
  offsets: number[];
  gains: number[];
}

/** A labeled slice with the logits of heads that did not learn from it. All [fine cells * fine cells]. */
export interface HeldOutSlice {
  logits: Float32Array;
  /** 0..1 */
  gray: Float32Array;
  /** Share of each fine cell that is foreground, 0..1. */
  coverage: Float32Array;
}

/** Below this logit it is background whatever the gray value. */
const LEAST_LOGIT = -5;
const MOST_LOGIT = 12;
const KNOTS = 6;
/** Cells to fit on: more gain nothing. */
const MOST_CELLS = 20_000;

/**
 * @returns null where too little of the structure was found to correct anything
 */
export function fitRefinement(slices: readonly HeldOutSlice[]): Refinement | null {
  const cells = slices.flatMap(({ logits }, slice) =>
    indicesWhere(logits, logit => logit > LEAST_LOGIT).map(cell => ({ slice, cell })),
  );
  const step = Math.max(1, cells.length / MOST_CELLS);
  const samples = Array.from(
    { length: Math.floor(cells.length / step) },
    (_, i) => cells[Math.floor(i * step)],
  );
  const grays = samples.map(({ slice, cell }) => slices[slice].gray[cell]).sort((a, b) => a - b);
  const truth = samples.map(({ slice, cell }) => slices[slice].coverage[cell]);
  if (samples.length < 50 * KNOTS || !truth.some(share => share > 0.5)) return null;
  const quantiles = Array.from(
    { length: KNOTS },
    (_, i) => grays[Math.round((i / (KNOTS - 1)) * (grays.length - 1))],
  );
  const knots = [...new Set(quantiles)];
  const rows = samples.map(({ slice, cell }) => {
    const { logits, gray } = slices[slice];
    const logit = Math.min(logits[cell], MOST_LOGIT);
    const shares = sharesOf(gray[cell], knots);
    return [...shares, ...shares.map(share => share * logit)];
  });
  const { weights } = fitLogistic(rows, truth);
  return { knots, offsets: weights.slice(0, knots.length), gains: weights.slice(knots.length) };
}

/** @returns refined logits, one a fine cell */
export function refineLogits(
  logits: Float32Array,
  gray: Float32Array,
  { knots, offsets, gains }: Refinement,
): Float32Array {
  const refined = logits.slice();
  for (let i = 0; i < refined.length; i++) {
    if (logits[i] <= LEAST_LOGIT) continue;
    const logit = Math.min(logits[i], MOST_LOGIT);
    const shares = sharesOf(gray[i], knots);
    refined[i] = shares.reduce((sum, share, k) => sum + share * (offsets[k] + gains[k] * logit), 0);
  }
  return refined;
}

/** How much each knot counts for a value: linear between two of them. They add up to 1. */
function sharesOf(value: number, knots: readonly number[]): number[] {
  const shares = knots.map(() => 0);
  const above = knots.findIndex(knot => knot >= value);
  if (above <= 0) {
    shares[above === 0 ? 0 : knots.length - 1] = 1;
    return shares;
  }
  const share = (value - knots[above - 1]) / (knots[above] - knots[above - 1]);
  shares[above - 1] = 1 - share;
  shares[above] = share;
  return shares;
}

function indicesWhere(values: Float32Array, isWanted: (value: number) => boolean): number[] {
  const indices: number[] = [];
  values.forEach((value, i) => isWanted(value) && indices.push(i));
  return indices;
}

/** Probabilities from which the threshold is chosen. */
const THRESHOLDS = Array.from({ length: 15 }, (_, i) => 0.15 + 0.03 * i);

/**
 * The probability above which a cell is foreground: the one with the greatest Dice of all held-out slices
 * together.
 *
 * @param slices with refined logits
 */
export function chooseThreshold(
  slices: readonly Pick<HeldOutSlice, 'logits' | 'coverage'>[],
): number {
  const overlap = (threshold: number) => {
    const least = Math.log(threshold / (1 - threshold));
    let [both, sum] = [0, 0];
    for (const { logits, coverage } of slices) {
      for (let i = 0; i < FINE_CELLS ** 2; i++) {
        sum += coverage[i];
        if (logits[i] <= least) continue;
        both += coverage[i];
        sum++;
      }
    }
    return sum === 0 ? 0 : (2 * both) / sum;
  };
  return THRESHOLDS.reduce((best, threshold) =>
    overlap(threshold) > overlap(best) ? threshold : best,
  );
}
