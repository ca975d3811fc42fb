import { softDice, softDiceOf } from '../context/confidence';
import { connectedComponents } from '../image/connectedComponents';
import { pasteOntoSlice } from '../image/fieldOfView';
import type { CropRectangle, Slice } from '../image/slice';
import type { PropagatedSlice } from '../job/job';
import { keptProbability } from '../job/keptProbability';
import { probabilities } from '../job/segmented';
import { mapInto } from '../numeric/mapInto';
import { OUTSIDE_CROP_LOGIT } from '../sam/encoderFrame';
import { expectedDice } from './expectedDice';
import type { FoundPart, Reading } from './finishImage';
import { fineToRectangle, rectangleToFine } from './headInput';
import { refineLogits } from './refinement';

/** A slice as heads saw it. */
export interface FoundSlice {
  index: number;
  /** On the slice's own grid. */
  logits: Float32Array;
  /** [fine cells * fine cells] gray values, 0..255 */
  gray: Uint8Array;
  /** Where on the slice the fine cells lie. */
  rectangle: CropRectangle;
}

/** Puts what heads saw of a slice onto its grid. */
export function foundSlice(
  { fine, gray, rectangle }: FoundPart,
  slice: Pick<Slice, 'index' | 'rows' | 'columns'>,
): FoundSlice {
  const onRectangle = fineToRectangle(fine, rectangle);
  return {
    index: slice.index,
    logits: pasteOntoSlice(onRectangle, slice, rectangle, OUTSIDE_CROP_LOGIT),
    gray: Uint8Array.from(gray, value => Math.round(255 * value)),
    rectangle,
  };
}

/** Standard deviation in mm of the smoothing across slices. */
const SMOOTHING_MM = 2.5;
/** A part smaller than this share of all that was found is removed. */
const LEAST_SHARE = 0.1;
/** Probability of a removed part: surely background. */
const REMOVED = 0.0003;

/**
 * Makes a volume of slices that were segmented one by one: smooths their logits across slices, refines the
 * boundary in each, and removes small parts. Never "the largest part only": vertebrae are many.
 *
 * @param found slices of one study, in any order
 * @param sliceSpacing mm between slices; without it nothing is smoothed
 * @returns the slices in order, and the expected Dice of all together if anything was found
 */
export function finishVolume(
  found: readonly FoundSlice[],
  grid: Pick<Slice, 'rows' | 'columns'>,
  sliceSpacing: number | undefined,
  { refinement, threshold, calibration }: Reading,
): { slices: PropagatedSlice[]; expectedDice?: number } {
  const inOrder = [...found].sort((a, b) => a.index - b.index);
  const refined = inOrder.map(({ gray, rectangle }, i) => {
    const smoothed = smoothedAt(inOrder, i, sliceSpacing);
    if (!refinement) return probabilities(smoothed);
    const fine = rectangleToFine(smoothed, grid, rectangle);
    const values = refineLogits(
      fine,
      Float32Array.from(gray, value => value / 255),
      refinement,
    );
    const onRectangle = fineToRectangle(values, rectangle);
    return probabilities(pasteOntoSlice(onRectangle, grid, rectangle, OUTSIDE_CROP_LOGIT));
  });
  const pixels = grid.rows * grid.columns;
  const mask = new Uint8Array(pixels * refined.length);
  refined.forEach((probability, i) => {
    probability.forEach((p, pixel) => (mask[i * pixels + pixel] = p > threshold ? 1 : 0));
  });
  const { labels, components } = connectedComponents(mask, [
    grid.columns,
    grid.rows,
    refined.length,
  ]);
  const total = components.reduce((sum, { voxels }) => sum + voxels, 0);
  const isSmall = components.map(({ voxels }) => voxels < LEAST_SHARE * total);
  refined.forEach((probability, i) => {
    for (let pixel = 0; pixel < pixels; pixel++) {
      const label = labels[i * pixels + pixel];
      if (label > 0 && isSmall[label - 1]) probability[pixel] = REMOVED;
    }
  });
  const slices = inOrder.map(({ index }, i): PropagatedSlice => {
    const probability = refined[i];
    const implied = softDice(probability, threshold);
    return {
      index,
      mask: mapInto(probability, new Uint8Array(pixels), p => (p > threshold ? 1 : 0)),
      probability: keptProbability(probability),
      ...(implied !== null && { confidence: expectedDice(implied, calibration) }),
    };
  });
  const implied = softDiceOf(refined, threshold);
  return {
    slices,
    ...(implied !== null && { expectedDice: expectedDice(implied, calibration) }),
  };
}

/** Gaussian mean over neighboring slices; a gap in the indices ends the neighborhood. */
function smoothedAt(
  slices: readonly { index: number; logits: Float32Array }[],
  at: number,
  sliceSpacing: number | undefined,
): Float32Array {
  const { index, logits } = slices[at];
  const sum = logits.slice();
  if (!sliceSpacing) return sum;
  let total = 1;
  const reach = Math.floor((2 * SMOOTHING_MM) / sliceSpacing);
  for (let step = -reach; step <= reach; step++) {
    const other = slices[at + step];
    if (step === 0 || other?.index !== index + step) continue;
    const weight = Math.exp(-((step * sliceSpacing) ** 2) / (2 * SMOOTHING_MM ** 2));
    total += weight;
    for (let i = 0; i < sum.length; i++) sum[i] += weight * other.logits[i];
  }
  for (let i = 0; i < sum.length; i++) sum[i] /= total;
  return sum;
}
