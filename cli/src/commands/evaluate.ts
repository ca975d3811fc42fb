import { acceptedUnchanged } from '../metrics/acceptance';
import {
  countOverlap,
  dice,
  extractMask,
  forEachVoxel,
  iou,
  mapInto,
  type Overlap,
  type Plane,
  sumOverlaps,
  tiltOf,
  type Volume,
  type VolumeGeometry,
} from 'fewshot-sam';
import type { ShownSlice } from '../metrics/measures';
import { surfaceDistances } from '../metrics/surfaceDistance';

/** Radians; for smaller tilts, distances between voxels are off by less than 2 %. */
const STRAIGHT_ANGLE = 0.02;

export interface Evaluation {
  /** Over the voxels of all test slices together. */
  iou: number;
  dice: number;
  /** mm; null when the prediction or the truth is empty, or slices are tilted or unevenly spaced. */
  assdMm: number | null;
  /** mm; null when the prediction or the truth is empty, or slices are tilted or unevenly spaced. */
  hd95Mm: number | null;
  /** Fraction of the test slices with the structure that need no correction; null when there are none. */
  accepted: number | null;
  /** Pixels of each test slice, ascending. */
  perSlice: ({ index: number } & Overlap)[];
  /** Measures of each test slice that shows the structure, ascending. */
  shown: ShownSlice[];
  /** For each label value: its voxels on test slices, and the fraction of them that was found. */
  perLabel: { label: number; voxels: number; found: number | null }[];
}

/**
 * Compares a segmentation with the labels on every slice that is not a shot. Surfaces are those of the
 * whole volume, including shots, but only surface voxels on test slices count.
 *
 * @param predicted a mask on the image's grid
 * @param labels on the image's grid
 */
export function evaluate(
  predicted: Uint8Array,
  labels: Volume,
  plane: Plane,
  values: readonly number[],
  shots: readonly number[],
): Evaluation {
  const tested: number[] = [];
  for (let slice = 0; slice < plane.slices; slice++) {
    if (!shots.includes(slice)) tested.push(slice);
  }
  const perSlice = tested.map(index => ({
    index,
    ...countOverlap(
      sliceOf(predicted, labels, plane, index),
      extractMask(labels, plane, index, values),
    ),
  }));
  const shown = perSlice
    .filter(({ truth }) => truth > 0)
    .map(({ index, ...overlap }): ShownSlice => {
      const masks = [
        sliceOf(predicted, labels, plane, index),
        extractMask(labels, plane, index, values),
      ] as const;
      const { assdMm } = surfaceDistances(
        ...masks,
        {
          size: [plane.columns, plane.rows, 1],
          spacing: [plane.columnSpacing, plane.rowSpacing, 1],
        },
        { isFlat: true },
      );
      return { index, iou: iou(overlap), assdMm };
    });
  const overlap = sumOverlaps(perSlice);
  const perLabel = values.map(label => {
    const { intersection, truth } = sumOverlaps(
      tested.map(slice =>
        countOverlap(
          sliceOf(predicted, labels, plane, slice),
          extractMask(labels, plane, slice, [label]),
        ),
      ),
    );
    return { label, voxels: truth, found: truth === 0 ? null : intersection / truth };
  });
  const truth = mapInto(labels.data, new Uint8Array(labels.data.length), value =>
    values.includes(value) ? 1 : 0,
  );
  const [nx, ny] = labels.size;
  const strides = [1, nx, nx * ny];
  const isShot = new Set(shots);
  const isGrid = !labels.sliceOrigins && tiltOf(labels) < STRAIGHT_ANGLE;
  const surface = isGrid
    ? surfaceDistances(predicted, truth, labels, {
        counts: voxel =>
          !isShot.has(Math.floor(voxel / strides[plane.normal]) % labels.size[plane.normal]),
      })
    : { assdMm: null, hd95Mm: null };
  return {
    iou: iou(overlap),
    dice: dice(overlap),
    ...surface,
    accepted: acceptedUnchanged(perSlice),
    perSlice,
    shown,
    perLabel,
  };
}

function sliceOf(
  volume: Uint8Array,
  geometry: VolumeGeometry,
  plane: Plane,
  slice: number,
): Uint8Array {
  const pixels = new Uint8Array(plane.rows * plane.columns);
  forEachVoxel(geometry, plane, slice, (voxel, pixel) => {
    pixels[pixel] = volume[voxel];
  });
  return pixels;
}
