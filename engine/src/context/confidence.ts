import type { PropagatedSlice } from '../job/job';
import { ramp, type ImageStrength } from './imageGain';

/** Image evidence for the result on one slice. */
export interface Evidence {
  /** How well the slice is connected to a labeled slice, see `continuity`: -1..1. */
  continuity: number;
  /** How well the outline found separates gray values, see `contrast`; null where nothing was found. */
  contrast: number | null;
  /** mm beyond the outermost outlines; 0 between them. */
  beyondMm: number;
  /** Mean width of the outlined structure, mm. */
  widthMm: number;
}

/** Keeps the logit of a perfect or a failed agreement finite. */
const MARGIN = 0.01;
const logit = (value: number) => Math.log((value + MARGIN) / (1 + MARGIN - value));
const logistic = (value: number) => 1 / (1 + Math.exp(-value));

/**
 * Logit of the true Dice from two agreements, by least squares over 1318 slices of 39 few-shot sets, each
 * of equal weight (two CT, two MR series; 22 of them the development suite). Fitted without the organ it is
 * tested on, the expected Dice of a set is off by 0.027 on average, and Spearman's correlation with the
 * true Dice of slices is 0.80.
 */
const CERTAINTY = 1.015;
const AGREEMENT = 0.069;
const OFFSET = 0.128;

/**
 * Held-out labeled slices do worse than predicted by this much (logit, mean of 34 sets): only the labeled
 * slices help to find them, while the target slices help each other.
 */
const HELD_OUT_BIAS = -0.22;
/** Number of labeled slices that weigh as much as those sets. */
const PRIOR_SLICES = 5;

/**
 * Predicts the Dice of a slice, before calibration to the structure.
 *
 * @param probability 0..1 of each pixel
 * @param agreement see `directionAgreement`
 * @returns logit; null where nothing was found
 */
export function diceLogit(probability: Float32Array, agreement: number | null): number | null {
  const certainty = softDice(probability);
  if (certainty === null) return null;
  return CERTAINTY * logit(certainty) + AGREEMENT * logit(agreement ?? certainty) + OFFSET;
}

/**
 * Returns the Dice that the probabilities imply: that of the mask above a threshold with a truth drawn from
 * them, `2 sum(p m) / (sum(p) + sum(m))`. Null when the mask is empty.
 */
export function softDice(probability: Float32Array, threshold = 0.5): number | null {
  return softDiceOf([probability], threshold);
}

/** `softDice` of several slices together. */
export function softDiceOf(probabilities: readonly Float32Array[], threshold = 0.5): number | null {
  let [inside, sum, count] = [0, 0, 0];
  for (const probability of probabilities) {
    for (const p of probability) {
      sum += p;
      if (p <= threshold) continue;
      inside += p;
      count++;
    }
  }
  return count === 0 ? null : (2 * inside) / (sum + count);
}

/**
 * Measures how well the results from both directions agree.
 *
 * @param fromBelow foreground fractions, 0..1, carried from below; null without a labeled slice below
 * @param fromAbove the same from above
 * @returns Dice of the results from below and above; null with one direction only
 */
export function directionAgreement(
  fromBelow: Float32Array | null,
  fromAbove: Float32Array | null,
): number | null {
  if (!fromBelow || !fromAbove) return null;
  let [both, sum] = [0, 0];
  for (let i = 0; i < fromBelow.length; i++) {
    const [below, above] = [fromBelow[i] > 0.5, fromAbove[i] > 0.5];
    if (below && above) both++;
    sum += Number(below) + Number(above);
  }
  return sum === 0 ? null : (2 * both) / sum;
}

/**
 * Measures how much better or worse this structure does than predicted, from labeled slices that were each
 * found from their labeled neighbors. Such a slice lies farther from its neighbors than the target slices
 * do, so its Dice is compared with the prediction at that distance instead of used directly.
 *
 * @param held predicted logit and actual Dice, per labeled slice
 * @returns offset to add to `diceLogit`
 */
export function calibrate(held: readonly { expectedLogit: number; dice: number }[]): number {
  const sum = held.reduce(
    (total, { expectedLogit, dice }) => total + logit(dice) - expectedLogit - HELD_OUT_BIAS,
    0,
  );
  return sum / (held.length + PRIOR_SLICES);
}

/** @returns expected Dice, 0..1 */
export function expectedDice(expectedLogit: number, calibration: number): number {
  return logistic(expectedLogit + calibration);
}

/** From these values on the image is informative enough: see `Evidence` and `ImageStrength`. */
const ENOUGH = { looks: 0.02, separability: 0.12, contrast: 0.6, continuity: 0.3 };
/** Below the first separability, gray values cannot judge an outline; above the second, they can. */
const MEASURES_CONTRAST = [0.1, 0.3] as const;
/** Beyond the outermost outlines less is expected, and never "sure". */
const BEYOND = 0.92;
const MOST_BEYOND = 0.85;
/** How fast it decays there, in widths of the structure. */
const BEYOND_WIDTHS = 1.5;

/**
 * Lowers an expected Dice to what the image supports: the parts of the method agree equally well where the
 * image shows nothing. The weakest evidence decides. Chosen by eye, not by regression, on the fit patients
 * of test/bench/confidence/volumes.ts, the development suite and synthetic bodies.
 *
 * @param expected 0..1
 * @returns 0..1
 */
export function supported(
  expected: number,
  evidence: Evidence,
  imageStrength: ImageStrength,
): number {
  const { continuity, contrast, beyondMm, widthMm } = evidence;
  const { looks, separability } = imageStrength;
  const shares = [
    Math.max(looks / ENOUGH.looks, separability / ENOUGH.separability),
    continuity / ENOUGH.continuity,
  ];
  if (contrast !== null && separability > 0) {
    // Compare the contrast with that of the outlines themselves.
    const share = Math.min(1, contrast / separability / ENOUGH.contrast);
    shares.push(1 - (1 - share) * ramp(separability, MEASURES_CONTRAST));
  }
  const seen = expected * Math.min(1, Math.max(0, Math.min(...shares)));
  if (beyondMm <= 0) return seen;
  return Math.min(MOST_BEYOND, BEYOND * seen * Math.exp(-beyondMm / (BEYOND_WIDTHS * widthMm)));
}

/**
 * Predicts the Dice of all slices together: slices with more foreground count more. Blank ones count 0.
 *
 * @returns undefined where no slice has a confidence
 */
export function pooledDice(
  slices: readonly Pick<PropagatedSlice, 'mask' | 'confidence' | 'blank'>[],
): number | undefined {
  if (slices.every(({ confidence }) => confidence === undefined)) return undefined;
  let [sum, weight] = [0, 0];
  for (const { mask, blank, confidence = blank ? 0 : undefined } of slices) {
    if (confidence === undefined) continue;
    const pixels = mask.reduce((count, value) => count + value, 0);
    sum += pixels * confidence;
    weight += pixels;
  }
  return weight === 0 ? undefined : sum / weight;
}
