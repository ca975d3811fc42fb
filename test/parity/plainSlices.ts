import type { PropagatedSlice } from '../../engine/src/job/job';

/** With values in place of functions, so that two results can be compared. */
export function plainSlices(slices: readonly PropagatedSlice[]) {
  return slices.map(slice => ({ ...slice, probability: slice.probability() }));
}
