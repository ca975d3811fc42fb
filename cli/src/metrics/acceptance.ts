import { dice, type Overlap } from 'fewshot-sam';

/** A slice that agrees with the truth this well would be accepted as it is. */
export const ACCEPTED_DICE = 0.9;

/**
 * How much of the work is done: the share of slices that need no correction, 0..1. Only slices count that
 * hold the structure in the truth or in the prediction; elsewhere there is nothing to look at.
 *
 * @returns null when no slice holds the structure
 */
export function acceptedUnchanged(slices: readonly Overlap[]): number | null {
  const looked = slices.filter(({ truth, predicted }) => truth + predicted > 0);
  if (looked.length === 0) return null;
  return looked.filter(slice => dice(slice) >= ACCEPTED_DICE).length / looked.length;
}
