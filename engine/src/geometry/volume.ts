import type { Triple } from './grid';

/**
 * How a grid of voxels lies in the patient, as in ITK: world = origin + direction * (spacing * index),
 * in mm, in DICOM's patient coordinates (x to the left, y to the back, z to the head).
 */
export interface VolumeGeometry {
  /** Voxels along each axis, the fastest in memory first. */
  size: Triple;
  /** mm between voxel centers along each axis. */
  spacing: Triple;
  /** World position of the center of voxel (0, 0, 0). */
  origin: Triple;
  /**
   * 3 x 3, row-major; column `a` is the unit vector of axis `a`. In a tilted series the axes are not at
   * right angles.
   */
  direction: number[];
  /**
   * World position of the center of voxel (0, 0, k) for each slice k, only for a series whose slices are
   * unevenly spaced or shifted. It takes precedence over `origin` and `spacing[2]`, which then is the usual
   * distance.
   */
  sliceOrigins?: readonly Triple[];
}

/** A scalar 3D image. */
export interface Volume extends VolumeGeometry {
  /** Modality units (HU for CT); voxel (x, y, z) at x + nx * (y + ny * z). */
  data: Float32Array;
}

export function voxelCount({ size }: VolumeGeometry): number {
  return size[0] * size[1] * size[2];
}

/** World position in mm of a voxel index, which may lie between voxels. */
export function worldPosition(geometry: VolumeGeometry, index: readonly number[]): Triple {
  const { spacing, direction, sliceOrigins } = geometry;
  const origin = sliceOrigins ? sliceOrigin(sliceOrigins, index[2]) : geometry.origin;
  const axes = sliceOrigins ? [0, 1] : [0, 1, 2];
  return origin.map((start, row) =>
    axes.reduce(
      (sum, axis) => sum + direction[row * 3 + axis] * spacing[axis] * index[axis],
      start,
    ),
  ) as Triple;
}

/** Interpolates between the two nearest slices; extrapolates beyond the ends. */
function sliceOrigin(origins: readonly Triple[], slice: number): Triple {
  const below = Math.min(Math.max(Math.floor(slice), 0), Math.max(origins.length - 2, 0));
  const [a, b = a] = origins.slice(below, below + 2);
  return a.map((value, axis) => value + (slice - below) * (b[axis] - value)) as Triple;
}

/** An affine map of voxel indices: `matrix` (3 x 3, row-major) times index, plus `offset`. */
export interface IndexMap {
  matrix: number[];
  offset: Triple;
}

/**
 * Maps voxel indices of one grid to those of another at the same world position.
 *
 * @throws RangeError when the target's axes span no volume
 */
export function indexMap(from: VolumeGeometry, to: VolumeGeometry): IndexMap {
  const inverse = invert3x3(scaledAxes(to));
  const shift = from.origin.map((value, row) => value - to.origin[row]);
  return {
    matrix: multiply3x3(inverse, scaledAxes(from)),
    offset: [0, 1, 2].map(row =>
      shift.reduce((sum, value, column) => sum + inverse[row * 3 + column] * value, 0),
    ) as Triple,
  };
}

function scaledAxes({ direction, spacing }: VolumeGeometry): number[] {
  return direction.map((value, i) => value * spacing[i % 3]);
}

function multiply3x3(a: readonly number[], b: readonly number[]): number[] {
  return a.map((_, i) => {
    const [row, column] = [Math.floor(i / 3), i % 3];
    return [0, 1, 2].reduce((sum, k) => sum + a[row * 3 + k] * b[k * 3 + column], 0);
  });
}

export function determinant3x3([a, b, c, d, e, f, g, h, i]: readonly number[]): number {
  return a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
}

export function invert3x3(matrix: readonly number[]): number[] {
  const [a, b, c, d, e, f, g, h, i] = matrix;
  const determinant = determinant3x3(matrix);
  if (!(Math.abs(determinant) > 0)) throw new RangeError('The axes of the grid span no volume.');
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ].map(cofactor => cofactor / determinant);
}
