/** Slices and structures of the gallery. */
import { thumbnailOf } from '../../extensions/fewshot-sam/src/session/thumbnail';
import type { FewshotSetItem } from '../../extensions/fewshot-sam/src/session/state';
import type { GraySeries } from './brainSeries';
import { brainOf, headOf } from './parts';

declare global {
  interface Window {
    brainSeries: GraySeries;
  }
}

const { columns, rows, slices } = window.brainSeries;
const pixels = slices.map(text => Uint8Array.from(atob(text), char => char.charCodeAt(0)));

export const SLICE_COUNT = slices.length;

export function brainMask(sliceIndex: number): Uint8Array {
  return brainOf(pixels[sliceIndex], columns);
}

export function headMask(sliceIndex: number): Uint8Array {
  return headOf(pixels[sliceIndex], columns);
}

/** The brain with three holes and a speck, as a hasty brush leaves it. */
function holedMask(sliceIndex: number): Uint8Array {
  const mask = brainMask(sliceIndex);
  const side = columns / 100;
  const clear = (x: number, y: number, radius: number) =>
    mask.forEach((_, i) => {
      const [dx, dy] = [(i % columns) - x * side, Math.floor(i / columns) - y * side];
      if (dx * dx + dy * dy < (radius * side) ** 2) mask[i] = 0;
    });
  clear(45, 40, 3);
  clear(60, 45, 2.5);
  clear(50, 58, 3);
  for (const offset of [0, 1, 2, columns, columns + 1]) {
    mask[Math.round(10 * side) * columns + Math.round(12 * side) + offset] = 1;
  }
  return mask;
}

const known = new Map<string, FewshotSetItem['thumbnail']>();

/** The thumbnail of a structure, made by the session's own code. */
export function picture(
  structure: 'brain' | 'brain-with-holes' | 'head',
  sliceIndex: number,
  shownAs = sliceIndex,
): FewshotSetItem {
  const key = `${structure}/${sliceIndex}`;
  if (!known.has(key)) {
    const maskOf = { brain: brainMask, 'brain-with-holes': holedMask, head: headMask };
    const mask = maskOf[structure](sliceIndex);
    known.set(key, thumbnailOf(pixels[sliceIndex], mask, columns, rows, { low: 0, high: 255 }));
  }
  return { sliceIndex: shownAs, thumbnail: known.get(key)! };
}
