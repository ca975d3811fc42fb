import {
  FewshotError,
  forEachVoxel,
  millimeters,
  type Plane,
  type PlaneName,
  planeOf,
  seriesGeometry,
  type Slice,
  type VolumeGeometry,
  worldPosition,
} from 'fewshot-sam';
import type { Instance } from '../host/ohif';
import { placesOf, type Series } from './series';

/** How a series is resliced along another plane. */
export interface Reslice {
  source: Series;
  geometry: VolumeGeometry;
  plane: Plane;
  /** Slices are counted against the axis of the volume, see `COUNTED_FROM`. */
  reversed: boolean;
}

/** Receives the source of each pixel of a resliced slice: slice of the series, and position in it. */
export type VisitVoxel = (pixel: number, sourceSlice: number, position: number) => void;

/**
 * Patient axis along which a viewer counts the slices of a plane, and its sign: from head to feet, from
 * back to front, from right to left (cornerstone's MPR cameras).
 */
const COUNTED_FROM: Record<PlaneName, [number, 1 | -1]> = {
  axial: [2, -1],
  coronal: [1, -1],
  sagittal: [0, 1],
};

const ALL: PlaneName[] = ['axial', 'coronal', 'sagittal'];

/**
 * Geometry of a series in patient coordinates. The first axis runs along the rows, the second along the
 * columns, the third through the slices (DICOM PS3.3, C.7.6.2.1.1).
 */
export function geometryOf(series: Series): VolumeGeometry {
  const { instances, rows, columns, rowSpacing, columnSpacing, sliceSpacing } = series;
  const along = numbers(instances[0].ImageOrientationPatient);
  const [right, down] = [along.slice(0, 3), along.slice(3, 6)];
  const [first, last] = [position(instances[0]), position(instances[instances.length - 1])];
  const normal = cross(right, down);
  const side = dot(normal, difference(last, first)) < 0 ? -1 : 1;
  const through = normal.map(value => value * side);
  return {
    size: [columns, rows, instances.length],
    spacing: [columnSpacing, rowSpacing, sliceSpacing],
    origin: [first[0], first[1], first[2]],
    direction: [0, 1, 2].flatMap(axis => [right[axis], down[axis], through[axis]]),
  };
}

/** The plane in which a series was acquired; the nearest one for an oblique series. */
export function acquiredPlane(series: Series): PlaneName {
  const geometry = geometryOf(series);
  return ALL.find(name => planeOf(geometry, name).normal === 2)!;
}

/** Why a series cannot be resliced; null if it can. */
export function resliceObstacle({ instances }: Series): { message: string; remedy: string } | null {
  const { tilt, isEven, isStraight, isParallel, gaps } = seriesGeometry(placesOf(instances));
  const remedy = 'Work in the plane in which it was acquired.';
  if (tilt) {
    return {
      message: `The slices of this series are tilted by ${tilt.degrees.toFixed(1)}° (gantry tilt): its other planes would be skewed.`,
      remedy,
    };
  }
  if (!isEven) {
    return {
      message: `The slices of this series are unevenly spaced (${millimeters(Math.min(...gaps))} to ${millimeters(Math.max(...gaps))} mm).`,
      remedy,
    };
  }
  return isStraight && isParallel
    ? null
    : { message: 'The slices of this series are shifted or turned against each other.', remedy };
}

/**
 * The same voxels as slices of another plane, with rows and columns in radiological orientation. Nothing
 * is interpolated: each value is one of the series.
 *
 * @throws FewshotError `bad-geometry` if the series cannot be resliced, see `resliceObstacle`
 */
export function resliceSeries(source: Series, name: PlaneName): Series {
  const geometry = geometryOf(source);
  const plane = planeOf(geometry, name);
  const obstacle = plane.normal === 2 ? null : resliceObstacle(source);
  if (obstacle) throw new FewshotError('bad-geometry', obstacle.message, obstacle.remedy);
  const key = `${source.displaySetInstanceUID}/${name}`;
  const [patientAxis, sign] = COUNTED_FROM[name];
  // Acquired slices keep the order of the series.
  const reversed =
    plane.normal !== 2 && geometry.direction[patientAxis * 3 + plane.normal] * sign < 0;
  const reslice: Reslice = { source, geometry, plane, reversed };
  return {
    ...source,
    displaySetInstanceUID: key,
    imageIds: Array.from({ length: plane.slices }, (_, slice) => `${key}/${slice}`),
    instances: Array.from({ length: plane.slices }, (_, slice) => instanceOf(reslice, slice)),
    rows: plane.rows,
    columns: plane.columns,
    rowSpacing: plane.rowSpacing,
    columnSpacing: plane.columnSpacing,
    sliceSpacing: plane.sliceSpacing,
    reslice,
  };
}

/** Converts a slice index to the position on the axis of the volume, and back. */
export function alongAxis({ plane, reversed }: Reslice, slice: number): number {
  return reversed ? plane.slices - 1 - slice : slice;
}

/** Visits each pixel of a resliced slice, row by row. */
export function forEachResliced(reslice: Reslice, slice: number, visit: VisitVoxel): void {
  const { geometry, plane } = reslice;
  const perSlice = geometry.size[0] * geometry.size[1];
  forEachVoxel(geometry, plane, alongAxis(reslice, slice), (voxel, pixel) => {
    const sourceSlice = Math.floor(voxel / perSlice);
    visit(pixel, sourceSlice, voxel - sourceSlice * perSlice);
  });
}

/**
 * Fills `target` with one resliced slice.
 *
 * @param stack values of each slice of the series, row-major
 */
export function resliceOne<T extends Float32Array | Uint8Array>(
  reslice: Reslice,
  slice: number,
  stack: readonly ArrayLike<number>[],
  target: T,
): T {
  forEachResliced(reslice, slice, (pixel, sourceSlice, place) => {
    target[pixel] = stack[sourceSlice][place];
  });
  return target;
}

/** Identity of a resliced slice in the cache of embeddings. */
export function resliceIdentity(reslice: Reslice, slice: number): Slice['identity'] {
  const { source, plane } = reslice;
  const { instances } = source;
  const [first, last] = [instances[0], instances[instances.length - 1]];
  return `${first.SOPInstanceUID}-${last.SOPInstanceUID}#${plane.name}${alongAxis(reslice, slice)}`;
}

/** Geometry of a resliced slice in the form of an image (PS3.3, C.7.6.2.1.1), without UIDs. */
function instanceOf(reslice: Reslice, slice: number): Instance {
  const { geometry, plane } = reslice;
  const index = [0, 0, 0];
  index[plane.normal] = alongAxis(reslice, slice);
  for (const { axis, reversed } of [plane.row, plane.column]) {
    index[axis] = reversed ? geometry.size[axis] - 1 : 0;
  }
  const along = ({ axis, reversed }: Plane['row']) =>
    [axis, 3 + axis, 6 + axis].map(i => geometry.direction[i] * (reversed ? -1 : 1));
  return {
    SOPInstanceUID: '',
    SOPClassUID: '',
    ImagePositionPatient: worldPosition(geometry, index),
    ImageOrientationPatient: [...along(plane.column), ...along(plane.row)],
  };
}

function position(instance: Instance): number[] {
  return numbers(instance.ImagePositionPatient);
}

const numbers = (value: unknown) => Array.from(value as ArrayLike<unknown>, Number);
const difference = (a: number[], b: number[]) => a.map((value, axis) => value - b[axis]);
const dot = (a: number[], b: number[]) => a.reduce((sum, value, axis) => sum + value * b[axis], 0);
const cross = (a: number[], b: number[]) => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
