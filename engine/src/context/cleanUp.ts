import { keptProbability } from '../job/keptProbability';
import { maskOf } from '../job/segmented';
import type { EncoderFrame } from '../sam/encoderFrame';
import type { Mask } from '../image/slice';
import { EMBEDDING_SIZE, ENCODER_INPUT_SIZE } from '../sam/imageEncoder';
import { diceLogit } from './confidence';
import { keepConnected } from './connected';
import type { Found } from './segmentSlices';
import { removeSpecks, speckLimits } from './specks';

/** What a pixel that was filled in is at least: inside. */
const JUST_INSIDE = 0.51;

/**
 * Removes what is connected to no outline, and specks and holes smaller than a token; what was found on
 * these slices changes, and how sure it is.
 *
 * @param found by slice index; changed in place
 * @param indices of all slices that were searched, ascending
 * @param labels masks of the labelled slices in the crop
 */
export function cleanUp(
  found: Map<number, Found>,
  indices: readonly number[],
  labels: ReadonlyMap<number, Mask>,
  frame: EncoderFrame,
): void {
  const { rows, columns } = frame.crop;
  const pixelsPerToken = ENCODER_INPUT_SIZE / EMBEDDING_SIZE;
  const tokenPixels =
    ((pixelsPerToken * rows) / frame.height) * ((pixelsPerToken * columns) / frame.width);
  const limits = speckLimits(labels.values(), columns, tokenPixels);
  const foundMask = (index: number) => maskOf(found.get(index)!.probability());
  const masks = indices.map(index => labels.get(index) ?? foundMask(index));
  const isLabelled = indices.map(index => labels.has(index));
  keepConnected(masks, indices, isLabelled, rows, columns);
  indices.forEach((index, i) => {
    const one = found.get(index);
    if (!one) return;
    removeSpecks(masks[i], columns, limits);
    if (foundMask(index).some((inside, pixel) => inside !== masks[i][pixel])) {
      found.set(index, withMask(masks[i], one));
    }
  });
}

/** A slice after the clean-up: its probabilities agree with its mask. */
function withMask(mask: Mask, one: Found): Found {
  const kept = one.probability().map((p, i) => {
    if (p > 0.5 === mask[i] > 0) return p;
    return mask[i] ? Math.max(1 - p, JUST_INSIDE) : 0;
  });
  return {
    ...one,
    probability: keptProbability(kept),
    promised: one.blank ? null : diceLogit(kept, one.agreement),
  };
}
