import { extentMm } from './fieldOfView';
import type { CropRectangle, Mask, Slice } from './slice';

type Grid = Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>;

/** Share of a tile's side by which neighbors overlap at least: what lies at an edge is seen whole next door. */
const OVERLAP = 0.2;

/**
 * Covers an image with overlapping square tiles of one size, spread evenly. A single tile holds an image that
 * is not larger than a tile, and is as wide as the image, so that the image is seen whole and enlarged. Tiles
 * begin at the first row and column, and may reach beyond the last.
 *
 * @param sideMm of a tile
 * @returns row by row
 */
export function tileRectangles(grid: Grid, sideMm: number): CropRectangle[] {
  const extent = extentMm(grid);
  if (extent < sideMm) return tileRectangles(grid, extent);
  const rows = Math.max(1, Math.round(sideMm / grid.rowSpacing));
  const columns = Math.max(1, Math.round(sideMm / grid.columnSpacing));
  return tileStarts(grid.rows, rows).flatMap(row =>
    tileStarts(grid.columns, columns).map(column => ({ row, column, rows, columns })),
  );
}

function tileStarts(length: number, side: number): number[] {
  if (side >= length) return [0];
  const step = side * (1 - OVERLAP);
  const count = 1 + Math.ceil((length - side) / step);
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - side)) / (count - 1)));
}

/** Joins overlapping tiles: a pixel is their mean, in which a tile counts less toward its edges. */
export class Mosaic {
  private readonly sums: Float32Array;
  private readonly weights: Float32Array;

  constructor(private readonly grid: Pick<Slice, 'rows' | 'columns'>) {
    this.sums = new Float32Array(grid.rows * grid.columns);
    this.weights = new Float32Array(grid.rows * grid.columns);
  }

  /** @param values of the rectangle's pixels, row by row; those beyond the image are ignored */
  add(values: Float32Array, { row, column, rows, columns }: CropRectangle): void {
    const fromEdge = (at: number, side: number) => Math.min(at, side - 1 - at) + 0.5;
    for (let r = Math.max(0, -row); r < Math.min(rows, this.grid.rows - row); r++) {
      const down = fromEdge(r, rows) / rows;
      for (let c = Math.max(0, -column); c < Math.min(columns, this.grid.columns - column); c++) {
        const weight = down * (fromEdge(c, columns) / columns);
        const pixel = (row + r) * this.grid.columns + column + c;
        this.sums[pixel] += weight * values[r * columns + c];
        this.weights[pixel] += weight;
      }
    }
  }

  /** @param outside value of pixels that no tile covers */
  values(outside: number): Float32Array {
    return this.sums.map((sum, i) => (this.weights[i] > 0 ? sum / this.weights[i] : outside));
  }
}

/**
 * How wide the parts of a structure are in mm: four times the area through the length of the boundary,
 * whose steps run along pixels. It is 0.8 of a disk's diameter, and twice the thickness of a long strip.
 *
 * @returns null for an empty mask
 */
export function meanWidthMm(mask: Mask, grid: Grid): number | null {
  const { rows, columns, rowSpacing, columnSpacing } = grid;
  let [area, boundary] = [0, 0];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      if (!mask[i]) continue;
      area += rowSpacing * columnSpacing;
      if (row > 0 && !mask[i - columns]) boundary += columnSpacing;
      if (row < rows - 1 && !mask[i + columns]) boundary += columnSpacing;
      if (column > 0 && !mask[i - 1]) boundary += rowSpacing;
      if (column < columns - 1 && !mask[i + 1]) boundary += rowSpacing;
    }
  }
  if (area === 0) return null;
  return boundary > 0 ? (4 * area) / boundary : Math.sqrt(area);
}
