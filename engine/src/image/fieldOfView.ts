import type { CropRectangle } from './slice';
import type { Mask, Slice } from './slice';
import type { ResolvedWindow } from './window';

/** A point on a slice's grid, in pixels; the center of the first pixel is at 0.5. */
export interface GridPoint {
  row: number;
  column: number;
}

/** The larger side of a slice in mm. */
export function extentMm(
  slice: Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>,
): number {
  return Math.max(slice.rows * slice.rowSpacing, slice.columns * slice.columnSpacing);
}

/**
 * Returns the center of the body: the centroid of brightness above the lower end of the window. Air does
 * not count, so studies of different fields of view are centered alike.
 *
 * @returns the middle of the slice when nothing is brighter than the window's lower end
 */
export function bodyCenter(
  { pixels, rows, columns }: Pick<Slice, 'pixels' | 'rows' | 'columns'>,
  { low, high }: ResolvedWindow,
): GridPoint {
  let [total, row, column] = [0, 0, 0];
  for (let i = 0; i < pixels.length; i++) {
    const brightness = Math.min(pixels[i], high) - low;
    if (!(brightness > 0)) continue;
    total += brightness;
    row += brightness * (Math.floor(i / columns) + 0.5);
    column += brightness * ((i % columns) + 0.5);
  }
  if (total === 0) return { row: rows / 2, column: columns / 2 };
  return { row: row / total, column: column / total };
}

/**
 * Returns a square of side `sideMm`, rounded to whole pixels. It may reach beyond the slice, or contain it.
 */
export function squareAround(
  { rowSpacing, columnSpacing }: Pick<Slice, 'rowSpacing' | 'columnSpacing'>,
  center: GridPoint,
  sideMm: number,
): CropRectangle {
  const rows = Math.max(1, Math.round(sideMm / rowSpacing));
  const columns = Math.max(1, Math.round(sideMm / columnSpacing));
  return {
    row: Math.round(center.row - rows / 2),
    column: Math.round(center.column - columns / 2),
    rows,
    columns,
  };
}

/** Calls `visit` for each pixel of the rectangle that lies on the slice, with its index in both. */
function forEachShared(
  grid: Pick<Slice, 'rows' | 'columns'>,
  rectangle: CropRectangle,
  visit: (inside: number, onSlice: number) => void,
): void {
  const from = (start: number) => Math.max(0, -start);
  const to = (start: number, size: number, gridSize: number) => Math.min(size, gridSize - start);
  const { row, column, rows, columns } = rectangle;
  for (let r = from(row); r < to(row, rows, grid.rows); r++) {
    for (let c = from(column); c < to(column, columns, grid.columns); c++) {
      visit(r * columns + c, (row + r) * grid.columns + column + c);
    }
  }
}

/**
 * Crops a slice to a rectangle, and pads the pixels beyond the slice.
 *
 * @param fill intensity of the pixels beyond the slice
 */
export function cutPixels(
  slice: Pick<Slice, 'pixels' | 'rows' | 'columns'>,
  rectangle: CropRectangle,
  fill: number,
): Float32Array {
  const cut = new Float32Array(rectangle.rows * rectangle.columns).fill(fill);
  forEachShared(slice, rectangle, (inside, onSlice) => {
    cut[inside] = slice.pixels[onSlice];
  });
  return cut;
}

/** Crops a slice's mask to a rectangle; pixels beyond the slice are 0. */
export function cutMask(
  mask: Mask,
  grid: Pick<Slice, 'rows' | 'columns'>,
  rectangle: CropRectangle,
): Mask {
  const cut = new Uint8Array(rectangle.rows * rectangle.columns);
  forEachShared(grid, rectangle, (inside, onSlice) => {
    cut[inside] = mask[onSlice];
  });
  return cut;
}

/**
 * Pastes the values of a rectangle onto the slice's grid.
 *
 * @param outside value of the slice's other pixels
 */
export function pasteOntoSlice(
  values: Float32Array,
  grid: Pick<Slice, 'rows' | 'columns'>,
  rectangle: CropRectangle,
  outside: number,
): Float32Array {
  const result = new Float32Array(grid.rows * grid.columns).fill(outside);
  forEachShared(grid, rectangle, (inside, onSlice) => {
    result[onSlice] = values[inside];
  });
  return result;
}
