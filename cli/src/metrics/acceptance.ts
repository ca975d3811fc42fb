import { dice, type Overlap } from 'fewshot-sam';

/** Least Dice at which a slice would be accepted without correction. */
export const ACCEPTED_DICE = 0.9;

/**
 * Returns the fraction of slices that need no correction, 0..1. Counts only slices with the structure in
 * the truth or in the prediction.
 *
 * @returns null when no slice has the structure
 */
export function acceptedUnchanged(slices: readonly Overlap[]): number | null {
  const looked = slices.filter(({ truth, predicted }) => truth + predicted > 0);
  if (looked.length === 0) return null;
  return looked.filter(slice => dice(slice) >= ACCEPTED_DICE).length / looked.length;
}
