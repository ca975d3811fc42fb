import { bytesOf, concatBytes } from '../platform/bytes';
import { sha256Hex } from '../platform/sha256';
import { inColors, type CropRectangle, type Pixels } from '../image/slice';
import {
  bodyCenter,
  cutPixels,
  extentMm,
  squareAround,
  type GridPoint,
} from '../image/fieldOfView';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { tileRectangles } from '../image/tiles';
import type { Labeled } from '../job/checkJob';
import type { TaskMetadata } from './task';

/** Field of view of a task: a square of fixed size in mm, at a fixed place in the body, or tiles. */
export type TaskView = Pick<TaskMetadata, 'fieldOfViewMm' | 'offsetMm' | 'tiled'>;

/** Width of the square relative to the structure, so that its surroundings are learned. */
const MARGIN = 1.8;

/** Minimum width of the square relative to the study: bodies and positions differ. */
const LEAST_SHARE = 0.5;

/**
 * Chooses the field of view of a task from the structure's position on the labeled slices, no wider than the
 * smallest study. A smaller square magnifies small structures; the same size in mm for all studies keeps their
 * scale equal.
 */
export function chooseView(studies: readonly (Labeled & { window: ResolvedWindow })[]): TaskView {
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const { slices, labels, window } of studies) {
    for (const slice of slices) {
      const mask = labels.get(slice.index);
      if (!mask) continue;
      const center = bodyCenter(slice, window);
      mask.forEach((value, i) => {
        if (!value) return;
        const corner = [
          (Math.floor(i / slice.columns) - center.row) * slice.rowSpacing,
          ((i % slice.columns) - center.column) * slice.columnSpacing,
        ];
        [slice.rowSpacing, slice.columnSpacing].forEach((spacing, axis) => {
          low[axis] = Math.min(low[axis], corner[axis]);
          high[axis] = Math.max(high[axis], corner[axis] + spacing);
        });
      });
    }
  }
  const extent = Math.max(high[0] - low[0], high[1] - low[1]);
  const study = Math.min(...studies.map(({ slices }) => extentMm(slices[0])));
  return {
    fieldOfViewMm: Math.min(study, Math.max(MARGIN * extent, LEAST_SHARE * study)),
    offsetMm: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2],
  };
}

/** Sees each image whole, at the scale at which the largest fills the view. */
export function wholeImages(studies: readonly Pick<Labeled, 'slices'>[]): TaskView {
  const fieldOfViewMm = Math.max(...studies.flatMap(({ slices }) => slices.map(extentMm)));
  return { fieldOfViewMm, offsetMm: [0, 0], tiled: true };
}

/** Center of a task's field of view on a slice; of an image its middle. */
export function viewCenter(
  slice: Slice,
  window: ResolvedWindow,
  { offsetMm, tiled }: TaskView,
): GridPoint {
  if (tiled) return { row: slice.rows / 2, column: slice.columns / 2 };
  const body = bodyCenter(slice, window);
  return {
    row: body.row + offsetMm[0] / slice.rowSpacing,
    column: body.column + offsetMm[1] / slice.columnSpacing,
  };
}

/** Returns the parts of a slice in a task's field of view: one, or the tiles that cover an image. */
export function viewRectangles(
  slice: Slice,
  window: ResolvedWindow,
  view: TaskView,
): CropRectangle[] {
  const { fieldOfViewMm, tiled } = view;
  if (tiled) return tileRectangles(slice, fieldOfViewMm);
  return [squareAround(slice, viewCenter(slice, window, view), fieldOfViewMm)];
}

/** Returns a part of a slice as a slice; what lies beyond is as dark as the window's lower end. */
export function cutSlice(
  slice: Slice,
  rectangle: CropRectangle,
  { low }: ResolvedWindow,
): Promise<Slice> {
  const cut = (pixels: Pixels) => cutPixels({ ...slice, pixels }, rectangle, low);
  return asSlice(
    { pixels: cut(slice.pixels), color: slice.color && inColors(slice.color, cut) },
    slice,
    rectangle,
  );
}

/** Returns the part of a slice in a task's field of view as a slice, and its rectangle. */
export async function viewOf(
  slice: Slice,
  window: ResolvedWindow,
  view: TaskView,
): Promise<{ slice: Slice; rectangle: CropRectangle }> {
  const [rectangle] = viewRectangles(slice, window, view);
  return { slice: await cutSlice(slice, rectangle, window), rectangle };
}

/** Makes a slice of pixels cut from another; the hash of its pixels is its identity in the cache. */
export async function asSlice(
  { pixels, color }: Pick<Slice, 'pixels' | 'color'>,
  { rowSpacing, columnSpacing, index }: Slice,
  { rows, columns }: CropRectangle,
): Promise<Slice> {
  const identity = await sha256Hex(color ? concatBytes(color.map(bytesOf)) : bytesOf(pixels));
  return {
    pixels,
    ...(color && { color }),
    rows,
    columns,
    rowSpacing,
    columnSpacing,
    index,
    identity,
  };
}
