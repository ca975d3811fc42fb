import { FewshotError } from '../platform/errors';

/** Numbers of voxels, or mm, along the axes of a volume; the first axis is the fastest in memory. */
export type Triple = [number, number, number];

/**
 * Checks that both masks have one value per voxel of the grid.
 *
 * @throws FewshotError `bad-geometry` when either does not
 */
export function checkSameGrid(a: ArrayLike<number>, b: ArrayLike<number>, size: Triple): void {
  const voxels = size[0] * size[1] * size[2];
  if (a.length !== voxels || b.length !== voxels) {
    throw new FewshotError(
      'bad-geometry',
      `Masks of ${a.length} and ${b.length} voxels cannot be compared on a grid of ${size.join(' x ')}.`,
      'Compare masks of one grid.',
    );
  }
}
