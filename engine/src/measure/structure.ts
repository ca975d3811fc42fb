import type { Mask, Slice } from '../image/slice';
import { inPlaneDiameters, type Diameters, type PixelGrid } from './diameters';

/** The values inside a structure on one slice. */
export interface ValuesInside {
  voxels: number;
  /** In the units of the slice. */
  mean: number;
  /** Sum of the squared deviations from the mean. */
  squares: number;
}

/** What one slice adds to the measurements of a structure. */
export interface SliceMeasurement extends ValuesInside {
  diameters: Diameters;
}

/** Size of a structure, and the values inside it. */
export interface Measurements {
  /** mL. */
  volume: number;
  voxels: number;
  /** Number of slices with the structure. */
  slices: number;
  /** Mean and standard deviation (of the population) of the values inside, in HU or other units of the image. */
  mean: number;
  deviation: number;
  /** Those of the slice with the longest diameter. */
  diameters: Diameters & { sliceIndex: number };
}

/**
 * Measures a structure on one slice.
 *
 * @param mask row-major on the grid of the slice, 1 inside
 * @param values row-major, in modality units
 * @returns null when the mask is empty
 */
export function measureSlice(
  mask: Mask,
  values: Slice['pixels'],
  grid: PixelGrid,
): SliceMeasurement | null {
  const diameters = inPlaneDiameters(mask, grid);
  return diameters && { ...valuesInside(mask, values), diameters };
}

/** @param mask with at least one voxel, row-major, 1 inside; see `measureSlice` */
export function valuesInside(mask: Mask, values: Slice['pixels']): ValuesInside {
  const [first, last] = [mask.indexOf(1), mask.lastIndexOf(1)];
  let voxels = 0;
  let sum = 0;
  for (let i = first; i <= last; i++) {
    if (!mask[i]) continue;
    voxels++;
    sum += values[i];
  }
  const mean = sum / voxels;
  let squares = 0;
  for (let i = first; i <= last; i++) {
    if (mask[i]) squares += (values[i] - mean) ** 2;
  }
  return { voxels, mean, squares };
}

/**
 * Combines the slices of a structure. Means and deviations join without a second pass (Chan et al., 1979).
 *
 * @param bySlice slice index -> its measurement
 * @param thickness mm that each slice of the series stands for, see `sliceThicknesses`
 * @returns null without a slice
 */
export function combineSlices(
  bySlice: ReadonlyMap<number, SliceMeasurement>,
  thickness: readonly number[],
  { rowSpacing, columnSpacing }: Pick<PixelGrid, 'rowSpacing' | 'columnSpacing'>,
): Measurements | null {
  let voxels = 0;
  let mean = 0;
  let squares = 0;
  let cubicMm = 0;
  let widest: Measurements['diameters'] | null = null;
  for (const [sliceIndex, slice] of [...bySlice].sort(([a], [b]) => a - b)) {
    const difference = slice.mean - mean;
    const all = voxels + slice.voxels;
    squares += slice.squares + (difference ** 2 * voxels * slice.voxels) / all;
    mean += (difference * slice.voxels) / all;
    voxels = all;
    cubicMm += slice.voxels * rowSpacing * columnSpacing * thickness[sliceIndex];
    if (!widest || slice.diameters.longest.mm > widest.longest.mm) {
      widest = { ...slice.diameters, sliceIndex };
    }
  }
  if (!widest) return null;
  return {
    volume: cubicMm / 1000,
    voxels,
    slices: bySlice.size,
    mean,
    deviation: Math.sqrt(squares / voxels),
    diameters: widest,
  };
}

/**
 * Returns the part of the volume that each slice stands for, in mm: half of the way to each neighbor, and as
 * much on the outside of the first and the last.
 *
 * @param heights of the slices along their normal in mm, ascending or descending; at least two
 */
export function sliceThicknesses(heights: readonly number[]): number[] {
  const steps = heights.slice(1).map((height, i) => Math.abs(height - heights[i]));
  return heights.map((_, i) => {
    const [before = steps[i], after = steps[i - 1]] = [steps[i - 1], steps[i]];
    return (before + after) / 2;
  });
}
