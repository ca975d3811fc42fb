import { boundingBox, mapInto, type BoundingBox, type Mask } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { DisplayedWindow } from '../viewer/viewport';
import type { Thumbnail } from './state';

/** Where the viewer has no window yet. */
export const NO_WINDOW: DisplayedWindow = { low: 0, high: 255, inverted: false };

const SIDE = 96;
/** Room around the structure, as a fraction of its extent. */
const MARGIN = 0.6;

/** A square part of a slice, in units of columns. */
export interface Square {
  left: number;
  top: number;
  side: number;
}

/** Grid of a slice. `aspect` is the row spacing divided by the column spacing. */
export interface SliceGrid {
  columns: number;
  rows: number;
  aspect: number;
}

export function gridOf({ columns, rows, rowSpacing, columnSpacing }: Series): SliceGrid {
  return { columns, rows, aspect: rowSpacing / columnSpacing };
}

/**
 * Square around a box with a margin, inside the image if it fits; as much of the image as possible without a
 * box.
 *
 * @param margin room on each side, as a fraction of the box
 */
export function squareAround(
  box: BoundingBox | null,
  { columns, rows, aspect }: SliceGrid,
  margin = MARGIN,
): Square {
  const height = rows * aspect;
  const whole = Math.min(columns, height);
  if (!box) return { left: (columns - whole) / 2, top: (height - whole) / 2, side: whole };
  const { left, right, top, bottom } = box;
  const extent = Math.max(right - left + 1, (bottom - top + 1) * aspect);
  const side = Math.min(whole, Math.max(extent * (1 + 2 * margin), whole / 4));
  const clamp = (start: number, length: number) => Math.min(Math.max(0, start), length - side);
  return {
    left: clamp((left + right + 1 - side) / 2, columns),
    top: clamp(((top + bottom + 1) * aspect - side) / 2, height),
    side,
  };
}

/** Index of the pixel under each point of a square picture with `side` points per side, row-major. */
export function pixelsOf(
  square: Square,
  { columns, rows, aspect }: SliceGrid,
  side: number,
): Int32Array {
  const at = (start: number, point: number) => start + ((point + 0.5) * square.side) / side;
  const indices = new Int32Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = Math.min(rows - 1, Math.floor(at(square.top, y) / aspect));
    for (let x = 0; x < side; x++) {
      const column = Math.min(columns - 1, Math.floor(at(square.left, x)));
      indices[y * side + x] = row * columns + column;
    }
  }
  return indices;
}

/** Gray values 0..255 of some pixels. @param window intensities shown as black and white */
export function grayOf(
  pixels: ArrayLike<number>,
  indices: Int32Array,
  { low, high, inverted }: DisplayedWindow,
): Uint8Array {
  const perLevel = 255 / (high - low);
  return mapInto(indices, new Uint8Array(indices.length), i => {
    const bright = Math.round(Math.min(255, Math.max(0, (pixels[i] - low) * perLevel)));
    return inverted ? 255 - bright : bright;
  });
}

/**
 * A small picture of the surroundings of a mask.
 *
 * @param pixels row-major intensities, same grid as `mask`
 */
export function thumbnailOf(
  pixels: ArrayLike<number>,
  mask: Mask,
  grid: SliceGrid,
  window: DisplayedWindow,
): Thumbnail {
  const square = squareAround(boundingBox([mask], grid.columns), grid);
  const indices = pixelsOf(square, grid, SIDE);
  return {
    width: SIDE,
    height: SIDE,
    gray: grayOf(pixels, indices, window),
    mask: mapInto(indices, new Uint8Array(indices.length), i => mask[i]),
  };
}
