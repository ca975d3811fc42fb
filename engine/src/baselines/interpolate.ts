import type { Mask, Slice } from '../image/slice';
import { signedDistance } from './signedDistance';

/** The labelled slices on both sides of a slice, and where it lies between them. */
export interface Neighbours {
  /** Index of the nearest labelled slice below, or null beyond the first one. */
  below: number | null;
  /** Index of the nearest labelled slice above, or null beyond the last one. */
  above: number | null;
}

/** @param labelled indices of the labelled slices, in any order */
export function neighbours(index: number, labelled: Iterable<number>): Neighbours {
  const result: Neighbours = { below: null, above: null };
  for (const other of labelled) {
    if (other <= index && (result.below === null || other > result.below)) result.below = other;
    if (other >= index && (result.above === null || other < result.above)) result.above = other;
  }
  return result;
}

/**
 * Shape-based interpolation (Raya and Udupa, IEEE Trans. Med. Imaging 9, 1990): the signed distances
 * of the two labelled slices around a slice, blended by how near each one is. Beyond the first and
 * the last labelled slice the nearest one is copied.
 *
 * @param labels slice index -> mask; at least one
 * @param grid of every slice
 * @returns for a slice index its signed distance in mm, positive inside
 */
export function shapeInterpolation(
  labels: ReadonlyMap<number, Mask>,
  grid: Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>,
): (index: number) => Float32Array {
  const distances = new Map<number, Float32Array>();
  const distanceOf = (index: number) => {
    let distance = distances.get(index);
    if (!distance) distances.set(index, (distance = signedDistance(labels.get(index)!, grid)));
    return distance;
  };
  return index => {
    const { below, above } = neighbours(index, labels.keys());
    if (below === null) return distanceOf(above!).slice();
    if (above === null || above === below) return distanceOf(below).slice();
    const [low, high] = [distanceOf(below), distanceOf(above)];
    const share = (index - below) / (above - below);
    return low.map((value, i) => (1 - share) * value + share * high[i]);
  };
}
