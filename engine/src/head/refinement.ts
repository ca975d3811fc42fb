import { fitLogistic } from '../numeric/logisticRegression';
import { FINE_CELLS } from './headInput';

/**
 * Corrects the logits of heads: a logistic regression on the logit, or on the logit, the gray value and both
 * together. It is fitted on labeled slices that the heads did not learn from, so that its probabilities hold on
 * other patients, too.
 */
export interface Refinement {
  /** Gray values between which its weights are interpolated, ascending, 0..1; one where gray plays no part. */
  knots: number[];
  /** At each knot, what is added to the logit, and what the logit is multiplied by. */
  offsets: number[];
  gains: number[];
}

/** A labeled slice with the logits of heads that did not learn from it. All [fine cells * fine cells]. */
export interface HeldOutSlice {
  /** The patient, or whatever was left out together. */
  group: number;
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
const MOST_CELLS = 8_000;
/** With fewer there is nothing to fit on. */
const FEWEST_CELLS = 300;
/** By how much gray values must raise the Dice of patients that they were not fitted on. */
const LEAST_GAIN = 0.01;

/**
 * Fits a refinement. Gray values take part only if they help with the patients that they were not fitted on:
 * patients differ in contrast, and where they do, gray values mislead.
 *
 * @returns null where too little of the structure was found to correct anything
 */
export function fitRefinement(slices: readonly HeldOutSlice[]): Refinement | null {
  const plain = fitKnots(slices, 1);
  if (!plain) return null;
  const byGray = fitKnots(slices, KNOTS);
  const gain = heldOutDice(slices, KNOTS) - heldOutDice(slices, 1);
  return byGray && gain > LEAST_GAIN ? byGray : plain;
}

/** Dice of all slices together, each refined as the others teach. */
function heldOutDice(slices: readonly HeldOutSlice[], knots: number): number {
  const refined = [...new Set(slices.map(({ group }) => group))].flatMap(group => {
    const refinement = fitKnots(
      slices.filter(slice => slice.group !== group),
      knots,
    );
    return slices
      .filter(slice => slice.group === group)
      .map(slice => ({ ...slice, refined: refinement ? refine(slice, refinement) : slice.logits }));
  });
  const least = logitOf(chooseThreshold(refined));
  let [both, sum] = [0, 0];
  for (const { refined: logits, coverage } of refined) {
    for (let i = 0; i < FINE_CELLS ** 2; i++) {
      sum += coverage[i];
      if (logits[i] <= least) continue;
      both += coverage[i];
      sum++;
    }
  }
  return sum === 0 ? 0 : (2 * both) / sum;
}

const refine = ({ logits, gray }: HeldOutSlice, refinement: Refinement) =>
  refineLogits(logits, gray, refinement);

function fitKnots(slices: readonly HeldOutSlice[], count: number): Refinement | null {
  const cells = slices.flatMap(({ logits }, slice) =>
    indicesWhere(logits, logit => logit > LEAST_LOGIT).map(cell => ({ slice, cell })),
  );
  const step = Math.max(1, cells.length / MOST_CELLS);
  const samples = Array.from(
    { length: Math.floor(cells.length / step) },
    (_, i) => cells[Math.floor(i * step)],
  );
  const truth = samples.map(({ slice, cell }) => slices[slice].coverage[cell]);
  if (samples.length < FEWEST_CELLS || !truth.some(share => share > 0.5)) return null;
  const grays = samples.map(({ slice, cell }) => slices[slice].gray[cell]).sort((a, b) => a - b);
  const quantiles = Array.from(
    { length: count },
    (_, i) => grays[Math.round((i / Math.max(1, count - 1)) * (grays.length - 1))],
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

/** Without any cell above it, a threshold says nothing. */
const [LOWEST, HIGHEST] = [0.05, 0.95];

/**
 * The probability above which a cell is foreground: so many cells of held-out slices are as heads alone find
 * there. A threshold with the greatest Dice there would be too high: heads that are averaged find less than one
 * alone.
 *
 * @param slices with the logits of heads, and refined ones
 */
export function chooseThreshold(
  slices: readonly { logits: Float32Array; refined: Float32Array }[],
): number {
  const found = slices.reduce(
    (sum, { logits }) => sum + indicesWhere(logits, logit => logit > 0).length,
    0,
  );
  const refined = slices.flatMap(({ refined: values }) =>
    indicesWhere(values, logit => logit > LEAST_LOGIT).map(i => values[i]),
  );
  refined.sort((a, b) => b - a);
  const logit = refined[Math.min(found, refined.length - 1)] ?? 0;
  return Math.min(HIGHEST, Math.max(LOWEST, 1 / (1 + Math.exp(-logit))));
}

const logitOf = (probability: number) => Math.log(probability / (1 - probability));
