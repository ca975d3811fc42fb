import type { Mask } from 'fewshot-sam';
import type { Thumbnail } from './state';

const SIDE = 96;
/** Room around the structure, as a fraction of its extent. */
const MARGIN = 0.6;

interface Box {
  left: number;
  top: number;
  side: number;
}

/**
 * Square around the mask with a margin, inside the image if it fits; in units of columns.
 *
 * @param aspect row spacing divided by column spacing
 */
function boxAround(mask: Mask, columns: number, rows: number, aspect: number): Box {
  let left = columns;
  let right = -1;
  let top = rows;
  let bottom = -1;
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const column = i % columns;
    const row = (i / columns) | 0;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  const height = rows * aspect;
  const whole = Math.min(columns, height);
  if (right < 0) return { left: (columns - whole) / 2, top: (height - whole) / 2, side: whole };
  const extent = Math.max(right - left + 1, (bottom - top + 1) * aspect);
  const side = Math.min(whole, Math.max(extent * (1 + 2 * MARGIN), whole / 4));
  const clamp = (start: number, length: number) => Math.min(Math.max(0, start), length - side);
  return {
    left: clamp((left + right + 1 - side) / 2, columns),
    top: clamp(((top + bottom + 1) * aspect - side) / 2, height),
    side,
  };
}

/**
 * A small picture of the surroundings of a mask.
 *
 * @param pixels row-major intensities, same grid as `mask`
 * @param window intensities shown as black and white; swapped if inverted
 * @param aspect row spacing divided by column spacing
 */
export function thumbnailOf(
  pixels: ArrayLike<number>,
  mask: Mask,
  columns: number,
  rows: number,
  window: { low: number; high: number; inverted?: boolean },
  aspect = 1,
): Thumbnail {
  const box = boxAround(mask, columns, rows, aspect);
  const gray = new Uint8Array(SIDE * SIDE);
  const small = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    const row = Math.min(rows - 1, Math.floor((box.top + ((y + 0.5) * box.side) / SIDE) / aspect));
    for (let x = 0; x < SIDE; x++) {
      const column = Math.min(columns - 1, Math.floor(box.left + ((x + 0.5) * box.side) / SIDE));
      const i = row * columns + column;
      const level = (pixels[i] - window.low) / (window.high - window.low);
      const bright = Math.round(Math.min(1, Math.max(0, level)) * 255);
      gray[y * SIDE + x] = window.inverted ? 255 - bright : bright;
      small[y * SIDE + x] = mask[i];
    }
  }
  return { width: SIDE, height: SIDE, gray, mask: small };
}
