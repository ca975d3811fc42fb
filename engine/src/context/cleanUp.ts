import { keptProbability } from '../job/keptProbability';
import { maskOf } from '../job/segmented';
import type { EncoderFrame } from '../sam/encoderFrame';
import type { Mask } from '../image/slice';
import { diceLogit } from './confidence';
import { keepConnected } from './connected';
import type { Found } from './segmentSlices';
import { removeSpecks, speckLimits } from './specks';
import { tokenSide } from './tokenLabels';

/** Least probability of a pixel that was filled in, so that it counts as inside. */
const JUST_INSIDE = 0.51;

/**
 * Removes parts that are not connected to any outline, and specks and holes smaller than a token. Updates
 * the slices and their expected Dice.
 *
 * @param found by slice index; changed in place
 * @param indices of all slices that were searched, ascending
 * @param labels masks of the labeled slices in the crop
 */
export function cleanUp(
  found: Map<number, Found>,
  indices: readonly number[],
  labels: ReadonlyMap<number, Mask>,
  frame: EncoderFrame,
): void {
  const { rows, columns } = frame.crop;
  const [tokenRows, tokenColumns] = tokenSide(frame);
  const limits = speckLimits(labels.values(), columns, tokenRows * tokenColumns);
  const masks = indices.map(index => labels.get(index) ?? maskOf(found.get(index)!.probability()));
  const isLabeled = indices.map(index => labels.has(index));
  const changed = keepConnected(masks, indices, isLabeled, rows, columns);
  indices.forEach((index, i) => {
    const one = found.get(index);
    if (!one) return;
    const hadSpecks = removeSpecks(masks[i], columns, limits);
    if (hadSpecks || changed.has(i)) found.set(index, withMask(masks[i], one));
  });
}

/** Returns a slice whose probabilities agree with its cleaned mask. */
function withMask(mask: Mask, one: Found): Found {
  const kept = one.probability().map((p, i) => {
    if (p > 0.5 === mask[i] > 0) return p;
    return mask[i] ? Math.max(1 - p, JUST_INSIDE) : 0;
  });
  return {
    ...one,
    probability: keptProbability(kept),
    expectedLogit: one.blank ? null : diceLogit(kept, one.agreement),
  };
}
