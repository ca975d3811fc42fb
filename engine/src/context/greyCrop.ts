import type { EncoderFrame } from '../sam/encoderFrame';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';

/** Grey values 0..255 of the part of a slice that lies in the crop, row by row; 0 where there is none. */
export function greyCrop(
  { pixels }: Pick<Slice, 'pixels'>,
  { low, high }: ResolvedWindow,
  { crop, columns }: EncoderFrame,
): Uint8Array {
  const grey = new Uint8Array(crop.rows * crop.columns);
  const scale = 255 / (high - low);
  let i = 0;
  for (let row = 0; row < crop.rows; row++) {
    const from = (crop.row + row) * columns + crop.column;
    for (let column = 0; column < crop.columns; column++) {
      // A typed array rounds NaN to 0.
      grey[i++] = (Math.min(Math.max(pixels[from + column], low), high) - low) * scale + 0.5;
    }
  }
  return grey;
}
