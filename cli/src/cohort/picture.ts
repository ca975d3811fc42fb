import { PNG } from 'pngjs';
import { boundingBox, maskOutline, type PropagatedSlice, type Slice } from 'fewshot-sam';
import type { Picture } from './rows';

/** Most pixels per side. */
const SIDE = 112;
/** The picture is this many times as wide as the structure, but at least this fraction of the slice. */
const MARGIN = 2.2;
const LEAST_FRACTION = 0.35;

/**
 * Draws the slice that shows most of the structure, around it, with its outline; the middle slice where it
 * was found nowhere.
 *
 * @param window intensities of black and white
 */
export function pictureOf(
  slices: readonly Slice[],
  segmented: readonly Pick<PropagatedSlice, 'index' | 'mask'>[],
  window: { low: number; high: number },
): Picture {
  const areas = segmented.map(({ mask }) => mask.reduce((sum, value) => sum + value, 0));
  const largest = areas.indexOf(Math.max(...areas));
  const isFound = areas[largest] > 0;
  const shown = segmented[isFound ? largest : segmented.length >> 1];
  const slice = slices.find(({ index }) => index === shown.index)!;
  const crop = isFound ? cropAround(shown.mask, slice) : wholeOf(slice);
  const scale = Math.min(1, SIDE / Math.max(crop.rows, crop.columns));
  const [width, height] = [crop.columns, crop.rows].map(size =>
    Math.max(1, Math.round(size * scale)),
  );
  const gray = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) {
    const row = crop.row + Math.min(crop.rows - 1, Math.floor((y + 0.5) / scale));
    for (let x = 0; x < width; x++) {
      const column = crop.column + Math.min(crop.columns - 1, Math.floor((x + 0.5) / scale));
      const value = slice.pixels[row * slice.columns + column];
      const share = (value - window.low) / (window.high - window.low);
      gray[y * width + x] = Math.round(255 * Math.min(1, Math.max(0, share)));
    }
  }
  const png = new PNG({ width, height, colorType: 0, inputColorType: 0, bitDepth: 8 });
  png.data = gray;
  const mask = new Uint8Array(crop.rows * crop.columns);
  for (let y = 0; y < crop.rows; y++) {
    const start = (crop.row + y) * slice.columns + crop.column;
    mask.set(shown.mask.subarray(start, start + crop.columns), y * crop.columns);
  }
  const outline = maskOutline(mask, crop.columns, crop.rows)
    .map(({ x0, y0, x1, y1 }) => (y0 === y1 ? `M${x0} ${y0}H${x1}` : `M${x0} ${y0}V${y1}`))
    .join('');
  return {
    png: PNG.sync.write(png, { colorType: 0, inputColorType: 0 }).toString('base64'),
    widthMm: Number((crop.columns * slice.columnSpacing).toFixed(1)),
    heightMm: Number((crop.rows * slice.rowSpacing).toFixed(1)),
    columns: crop.columns,
    rows: crop.rows,
    outline,
    slice: slice.index + 1,
  };
}

interface Crop {
  row: number;
  column: number;
  rows: number;
  columns: number;
}

function wholeOf({ rows, columns }: Slice): Crop {
  return { row: 0, column: 0, rows, columns };
}

function cropAround(mask: Uint8Array, { rows, columns }: Slice): Crop {
  const box = boundingBox([mask], columns)!;
  const along = (from: number, to: number, whole: number) => {
    const size = Math.min(
      whole,
      Math.ceil(Math.max(MARGIN * (to - from + 1), LEAST_FRACTION * whole)),
    );
    const start = Math.round((from + to + 1 - size) / 2);
    return { start: Math.min(Math.max(0, start), whole - size), size };
  };
  const vertical = along(box.top, box.bottom, rows);
  const horizontal = along(box.left, box.right, columns);
  return {
    row: vertical.start,
    column: horizontal.start,
    rows: vertical.size,
    columns: horizontal.size,
  };
}
