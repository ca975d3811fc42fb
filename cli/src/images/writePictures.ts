import { encode } from 'fast-png';
import {
  type Mask,
  MR_PERCENTILES,
  resolveWindow,
  type IntensityWindow,
  type Slice,
} from 'fewshot-sam';
import { writeFileAside } from '../files/writeFileAside';

/** A structure found in an image. */
export interface FoundMask {
  /** Its value in the mask that is written, 1..255. */
  value: number;
  mask: Mask;
}

/** Writes masks of one image as an 8-bit gray PNG of label values, of the image's size. */
export function writeMaskPng(
  file: string,
  { rows, columns }: Pick<Slice, 'rows' | 'columns'>,
  found: readonly FoundMask[],
): Promise<void> {
  const data = new Uint8Array(rows * columns);
  for (const { value, mask } of found) {
    mask.forEach((inside, pixel) => {
      if (inside) data[pixel] = value;
    });
  }
  const png = encode({ width: columns, height: rows, data, depth: 8, channels: 1 });
  return writeFileAside('--out', file, png);
}

/** Colors of outlines, easy to distinguish on gray. */
const COLORS = [
  [255, 214, 0],
  [0, 200, 255],
  [255, 80, 80],
  [110, 230, 90],
  [220, 120, 255],
];
/** An image this wide gets outlines one pixel wider. */
const PIXELS_PER_WIDTH = 800;

/** Writes an image as it is shown, with the outlines of masks, as a color PNG. */
export function writeOverlayPng(
  file: string,
  slice: Slice,
  found: readonly FoundMask[],
  window: IntensityWindow = MR_PERCENTILES,
): Promise<void> {
  const { pixels, rows, columns } = slice;
  const isConstant = pixels.every(value => value === pixels[0]);
  const { low, high } = isConstant ? { low: 0, high: 255 } : resolveWindow(window, [slice]);
  const shown = slice.color ?? [pixels, pixels, pixels];
  const data = new Uint8ClampedArray(3 * rows * columns);
  shown.forEach((plane, channel) => {
    plane.forEach((value, i) => (data[3 * i + channel] = (255 * (value - low)) / (high - low)));
  });
  const reach = Math.ceil(Math.max(rows, columns) / PIXELS_PER_WIDTH);
  found.forEach(({ mask }, i) => {
    const color = COLORS[i % COLORS.length];
    for (const pixel of innerEdge(mask, rows, columns, reach)) data.set(color, 3 * pixel);
  });
  const png = encode({
    width: columns,
    height: rows,
    data: new Uint8Array(data.buffer),
    depth: 8,
    channels: 3,
  });
  return writeFileAside('--overlays', file, png);
}

/** Pixels of a mask with one outside it at most `reach` away along a row or column. */
function innerEdge(mask: Mask, rows: number, columns: number, reach: number): number[] {
  const edge: number[] = [];
  mask.forEach((inside, pixel) => {
    if (!inside) return;
    const [row, column] = [Math.floor(pixel / columns), pixel % columns];
    for (let step = 1; step <= reach; step++) {
      const isOutside =
        (row >= step && !mask[pixel - step * columns]) ||
        (row + step < rows && !mask[pixel + step * columns]) ||
        (column >= step && !mask[pixel - step]) ||
        (column + step < columns && !mask[pixel + step]);
      if (isOutside) return void edge.push(pixel);
    }
  });
  return edge;
}
