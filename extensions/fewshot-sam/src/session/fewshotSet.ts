import { isSameDigest, type MaskDigest } from '../viewer/maskDigest';
import type { Obstacle, Settings } from './state';

export const MINIMUM_OUTLINES = 2;

/** Contents of one segment: slice index -> digest of its mask there. */
export type SegmentSlices = ReadonlyMap<number, MaskDigest>;

/**
 * Slices that a person outlined: all that contain the segment, except those that hold exactly what a
 * propagation wrote. A predicted slice that was corrected by hand counts as outlined.
 *
 * @param predicted slice index -> digest of what was written there
 */
export function outlinedSlices(slices: SegmentSlices, predicted: SegmentSlices): number[] {
  return [...slices]
    .filter(([index, digest]) => !digest.isCrossed && !isSameDigest(predicted.get(index), digest))
    .map(([index]) => index)
    .sort((a, b) => a - b);
}

/**
 * Slices for a run to segment: those in range that nobody outlined.
 *
 * @param outlined also those of which the user says that the structure is not there
 */
export function targetSlices(
  outlined: readonly number[],
  settings: Pick<Settings, 'from' | 'to'>,
  sliceCount: number,
): number[] {
  const drawn = new Set(outlined);
  const targets: number[] = [];
  for (let i = Math.max(0, settings.from); i <= Math.min(settings.to, sliceCount - 1); i++) {
    if (!drawn.has(i)) targets.push(i);
  }
  return targets;
}

export interface SegmentReadiness {
  label: string;
  locked: boolean;
  outlined: number[];
  /** Outlined slices to learn from: all but the excluded ones. */
  inSet: number[];
  targets: number[];
}

/** Why a segment cannot be propagated; null when it can. */
export function segmentObstacle(segment: SegmentReadiness): Obstacle | null {
  if (segment.locked) {
    return {
      message: `${segment.label} is locked.`,
      remedy: 'Unlock it in the segment list, or choose another segment.',
    };
  }
  if (segment.outlined.length === 0) {
    return {
      message: `Nothing is outlined for ${segment.label} on this series.`,
      remedy: `Outline the structure on at least ${MINIMUM_OUTLINES} slices with the brush or with contours.`,
    };
  }
  if (segment.outlined.length < MINIMUM_OUTLINES) {
    return {
      message: `Only slice ${segment.outlined[0] + 1} is outlined.`,
      remedy: `Outline the structure on at least ${MINIMUM_OUTLINES} slices.`,
    };
  }
  if (segment.inSet.length < MINIMUM_OUTLINES) {
    return {
      message: `${segment.inSet.length} of ${segment.outlined.length} outlined slices are used.`,
      remedy: `Put slices back until there are ${MINIMUM_OUTLINES}, or outline others.`,
    };
  }
  if (segment.targets.length === 0) {
    return {
      message: 'Every slice in the chosen range is outlined already.',
      remedy: 'Widen the slice range in the settings.',
    };
  }
  return null;
}
