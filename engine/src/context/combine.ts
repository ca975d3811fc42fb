/** The most that matching says: a share of 0 or 1 is never quite sure. */
const SHARE_MARGIN = 1e-3;
const MOST_LOGIT = 7;
/** What the interpolated outline says at most, and how it is weighted against matching. */
const INTERPOLATION_WEIGHT = 0.5;
const MOST_INTERPOLATION = 4;
/** mm by which an interpolated outline is off: at least; per mm to the nearest labelled slice; per mm
 * by which both outlines differ. */
const LEAST_ERROR = 0.5;
const ERROR_PER_DISTANCE = 0.4;
const ERROR_PER_DISAGREEMENT = 2;

/** The outlines of the labelled slices on both sides, brought to the slice between them. */
export interface Interpolation {
  /** Signed distances in mm from the outlines below and above, positive inside. */
  below: Float32Array;
  above: Float32Array;
  /** Where the slice lies: 0 at the one below, 1 at the one above. */
  position: number;
  /** mm to the nearer of both. */
  distanceMm: number;
}

/**
 * Joins what matching found with the outline interpolated between the labelled slices. The outline
 * counts where the labelled slices are near and agree.
 *
 * @param share foreground share by matching, 0..1
 * @returns logits
 */
export function combine(share: Float32Array, interpolation: Interpolation | null): Float32Array {
  const logits = share.map(value => {
    const logit = Math.log((value + SHARE_MARGIN) / (1 - value + SHARE_MARGIN));
    return Math.min(Math.max(logit, -MOST_LOGIT), MOST_LOGIT);
  });
  if (!interpolation) return logits;
  const { below, above, position, distanceMm } = interpolation;
  const between = 2 * Math.min(position, 1 - position);
  for (let i = 0; i < logits.length; i++) {
    const disagreement = Math.abs(below[i] - above[i]) * between;
    const error =
      LEAST_ERROR + ERROR_PER_DISTANCE * distanceMm + ERROR_PER_DISAGREEMENT * disagreement;
    const depth = ((1 - position) * below[i] + position * above[i]) / error;
    logits[i] +=
      INTERPOLATION_WEIGHT * Math.min(Math.max(depth, -MOST_INTERPOLATION), MOST_INTERPOLATION);
  }
  return logits;
}
