import { FewshotError } from '../platform/errors';

/** Foreground elements of two masks: of each, and shared. */
export interface Overlap {
  intersection: number;
  predicted: number;
  truth: number;
}

/**
 * Counts the foreground (any value other than 0) of two masks of one length.
 *
 * @throws FewshotError `bad-geometry` when the lengths differ
 */
export function countOverlap(predicted: ArrayLike<number>, truth: ArrayLike<number>): Overlap {
  if (predicted.length !== truth.length) {
    throw new FewshotError(
      'bad-geometry',
      `A mask of ${predicted.length} elements cannot be compared with one of ${truth.length}.`,
      'Compare masks of one grid.',
    );
  }
  const overlap = { intersection: 0, predicted: 0, truth: 0 };
  for (let i = 0; i < truth.length; i++) {
    if (predicted[i]) overlap.predicted++;
    if (truth[i]) overlap.truth++;
    if (predicted[i] && truth[i]) overlap.intersection++;
  }
  return overlap;
}

/** Adds up the counts of several parts, e.g. slices. */
export function sumOverlaps(parts: readonly Overlap[]): Overlap {
  return parts.reduce(
    (sum, part) => ({
      intersection: sum.intersection + part.intersection,
      predicted: sum.predicted + part.predicted,
      truth: sum.truth + part.truth,
    }),
    { intersection: 0, predicted: 0, truth: 0 },
  );
}

/** Intersection over union, 0..1. Both empty: 1, they agree. One empty: 0. */
export function iou({ intersection, predicted, truth }: Overlap): number {
  const union = predicted + truth - intersection;
  return union === 0 ? 1 : intersection / union;
}

/** Dice's coefficient, 0..1. Both empty: 1, they agree. One empty: 0. */
export function dice({ intersection, predicted, truth }: Overlap): number {
  return predicted + truth === 0 ? 1 : (2 * intersection) / (predicted + truth);
}
