import { FewshotError } from '../platform/errors';
import { STRAIGHT } from './tolerances';
import { cross, dot, unit } from './vector';
import type { Triple } from './grid';
import type { Volume, VolumeGeometry } from './volume';

/** Anatomical plane of the slices, named by the patient axis nearest to their normal. */
export type PlaneName = 'axial' | 'coronal' | 'sagittal';

/** Patient axis (0 left, 1 back, 2 head) of each plane's normal, and of its columns and rows on screen. */
const ANATOMY: Record<
  PlaneName,
  { normal: number; right: [number, number]; down: [number, number] }
> = {
  axial: { normal: 2, right: [0, 1], down: [1, 1] },
  coronal: { normal: 1, right: [0, 1], down: [2, -1] },
  sagittal: { normal: 0, right: [1, 1], down: [2, -1] },
};

/** One direction along a slice: the volume axis it follows, and whether it runs against that axis. */
interface SliceAxis {
  axis: number;
  reversed: boolean;
}

/**
 * How a volume is cut into slices. Slice `k` holds the voxels with index `k` on the volume's own
 * `normal` axis. Rows and columns are ordered as radiologists see the plane (patient's right on the
 * left of the picture, front or head at the top), whatever the voxel order of the file.
 */
export interface Plane {
  name: PlaneName;
  normal: number;
  slices: number;
  row: SliceAxis;
  column: SliceAxis;
  rows: number;
  columns: number;
  /** mm between neighboring rows, columns and slices. */
  rowSpacing: number;
  columnSpacing: number;
  sliceSpacing: number;
  /** mm along the normal of each slice from the first; only where slices are unevenly spaced. */
  slicePositions?: number[];
}

/**
 * Finds the volume's axes that are nearest to those of an anatomical plane.
 *
 * @throws FewshotError `bad-geometry` when there is only one such slice, or when the plane would cut
 *   across slices that are tilted or unevenly spaced
 */
export function planeOf(geometry: VolumeGeometry, name: PlaneName): Plane {
  const axes = nearestAxes(geometry.direction);
  const { normal, right, down } = ANATOMY[name];
  const along = ([patientAxis, sign]: [number, number]): SliceAxis => {
    const axis = axes[patientAxis];
    return { axis, reversed: geometry.direction[patientAxis * 3 + axis] * sign < 0 };
  };
  const [row, column] = [along(down), along(right)];
  const plane: Plane = {
    name,
    normal: axes[normal],
    slices: geometry.size[axes[normal]],
    row,
    column,
    rows: geometry.size[row.axis],
    columns: geometry.size[column.axis],
    rowSpacing: geometry.spacing[row.axis],
    columnSpacing: geometry.spacing[column.axis],
    sliceSpacing: geometry.spacing[axes[normal]],
  };
  if (plane.normal === 2) {
    plane.sliceSpacing *= Math.cos(tiltOf(geometry));
    if (geometry.sliceOrigins) plane.slicePositions = heights(geometry, geometry.sliceOrigins);
  } else {
    checkCuttable(geometry, name);
  }
  if (plane.slices < 2) {
    throw new FewshotError(
      'bad-geometry',
      `The image has only one ${name} slice: there is no other slice to segment.`,
      'Give a volume of several slices, or another --axis.',
    );
  }
  return plane;
}

/** Angle in radians between the third axis and the normal of the first two; 0 but for rounding. */
export function tiltOf({ direction }: VolumeGeometry): number {
  const [x, y, z] = [0, 1, 2].map(axis => [0, 3, 6].map(row => direction[row + axis]));
  const cosine = Math.abs(dot(unit(cross(x, y)), z));
  return Math.acos(Math.min(cosine, 1));
}

/** mm along the normal of the first two axes, from the first slice. */
function heights({ direction }: VolumeGeometry, origins: readonly Triple[]): number[] {
  const [x, y] = [0, 1].map(axis => [0, 3, 6].map(row => direction[row + axis]));
  const normal = unit(cross(x, y));
  const first = dot(origins[0], normal);
  return origins.map(origin => dot(origin, normal) - first);
}

function checkCuttable(geometry: VolumeGeometry, name: PlaneName): void {
  const { size, spacing, sliceOrigins } = geometry;
  const acquired = PLANES.find(
    other => nearestAxes(geometry.direction)[ANATOMY[other].normal] === 2,
  );
  const tilt = tiltOf(geometry);
  const lean = Math.sin(tilt) * spacing[2] * (size[2] - 1);
  const isTilted = lean > STRAIGHT * Math.min(spacing[0], spacing[1]);
  if (!sliceOrigins && !isTilted) return;
  throw new FewshotError(
    'bad-geometry',
    sliceOrigins
      ? `The slices of the image are unevenly spaced: it has no ${name} slices.`
      : `The slices of the image are tilted by ${((tilt * 180) / Math.PI).toFixed(1)} degrees: it has no ${name} slices.`,
    `Use --axis ${acquired}, in which it was acquired, or resample the image to a straight, even grid.`,
  );
}

const PLANES = Object.keys(ANATOMY) as PlaneName[];

const ASSIGNMENTS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/**
 * Returns the volume axis nearest to each patient axis. Assigns all three at once, so that an oblique
 * volume never uses an axis twice.
 */
function nearestAxes(direction: readonly number[]): number[] {
  const agreement = (assignment: number[]) =>
    assignment.reduce((sum, axis, patient) => sum + Math.abs(direction[patient * 3 + axis]), 0);
  return ASSIGNMENTS.reduce((best, assignment) =>
    agreement(assignment) > agreement(best) + 1e-9 ? assignment : best,
  );
}

/** Calls `visit` for each pixel of a slice, row by row, with the index of its voxel in the volume. */
export function forEachVoxel(
  { size }: VolumeGeometry,
  plane: Plane,
  slice: number,
  visit: (voxel: number, pixel: number) => void,
): void {
  const strides = [1, size[0], size[0] * size[1]];
  const step = ({ axis, reversed }: SliceAxis) => (reversed ? -strides[axis] : strides[axis]);
  const first = ({ axis, reversed }: SliceAxis) =>
    reversed ? (size[axis] - 1) * strides[axis] : 0;
  const start = slice * strides[plane.normal] + first(plane.row) + first(plane.column);
  const [rowStep, columnStep] = [step(plane.row), step(plane.column)];
  let pixel = 0;
  for (let row = 0; row < plane.rows; row++) {
    let voxel = start + row * rowStep;
    for (let column = 0; column < plane.columns; column++, pixel++, voxel += columnStep) {
      visit(voxel, pixel);
    }
  }
}

/** @returns row-major `rows * columns` values of one slice */
export function extractSlice(volume: Volume, plane: Plane, slice: number): Float32Array {
  const pixels = new Float32Array(plane.rows * plane.columns);
  forEachVoxel(volume, plane, slice, (voxel, pixel) => {
    pixels[pixel] = volume.data[voxel];
  });
  return pixels;
}

/** @returns 1 where the volume's value is one of `values`, else 0, row-major */
export function extractMask(
  labels: Volume,
  plane: Plane,
  slice: number,
  values: readonly number[],
): Uint8Array {
  const mask = new Uint8Array(plane.rows * plane.columns);
  forEachVoxel(labels, plane, slice, (voxel, pixel) => {
    if (values.includes(labels.data[voxel])) mask[pixel] = 1;
  });
  return mask;
}

/** Writes one slice into a volume of the geometry the plane was made for. */
export function insertSlice(
  target: Uint8Array,
  geometry: VolumeGeometry,
  plane: Plane,
  slice: number,
  mask: Uint8Array,
): void {
  forEachVoxel(geometry, plane, slice, (voxel, pixel) => {
    target[voxel] = mask[pixel];
  });
}
