import { type PlaneName, planeOf, type VolumeGeometry } from 'fewshot-sam';
import { alongAxis, geometryOf, type Reslice } from './reslice';
import type { Series } from './series';

type Point = [number, number, number];

/** Cosine of the largest angle between a viewport's normal and an axis of the series: 2.5 degrees. */
const PARALLEL = 0.999;

const ALL: PlaneName[] = ['axial', 'coronal', 'sagittal'];

/**
 * The plane of a series that a viewport shows.
 *
 * @param normal of the viewport, in patient coordinates
 * @returns null if it shows the series obliquely
 */
export function planeAlong(series: Series, normal: ArrayLike<number>): PlaneName | null {
  const geometry = geometryOf(series);
  return (
    ALL.find(name => {
      const along = axisOf(geometry, planeOf(geometry, name).normal);
      return Math.abs(dot(along, normal)) > PARALLEL;
    }) ?? null
  );
}

/** The resliced slice that contains a point; null beyond the series. */
export function sliceAt(reslice: Reslice, point: ArrayLike<number>): number | null {
  const index = Math.round(indexAlong(reslice, point));
  return index >= 0 && index < reslice.plane.slices ? alongAxis(reslice, index) : null;
}

/** The resliced slice that a camera shows; null if it shows another plane. */
export function reslicedSliceShown(
  reslice: Reslice,
  { viewPlaneNormal, focalPoint }: { viewPlaneNormal?: Point; focalPoint?: Point },
): number | null {
  if (!viewPlaneNormal || !focalPoint) return null;
  const isParallel = planeAlong(reslice.source, viewPlaneNormal) === reslice.plane.name;
  return isParallel ? sliceAt(reslice, focalPoint) : null;
}

/** Moves a point along the slice axis onto a slice. */
export function pointOnSlice(reslice: Reslice, point: ArrayLike<number>, slice: number): Point {
  const { geometry, plane } = reslice;
  const axis = axisOf(geometry, plane.normal);
  const steps = alongAxis(reslice, slice) - indexAlong(reslice, point);
  const way = steps * geometry.spacing[plane.normal];
  return [point[0] + way * axis[0], point[1] + way * axis[1], point[2] + way * axis[2]];
}

function indexAlong({ geometry, plane }: Reslice, point: ArrayLike<number>): number {
  const { origin, spacing } = geometry;
  const way = origin.map((start, i) => point[i] - start);
  return dot(axisOf(geometry, plane.normal), way) / spacing[plane.normal];
}

function axisOf({ direction }: VolumeGeometry, axis: number): Point {
  return [direction[axis], direction[3 + axis], direction[6 + axis]];
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
