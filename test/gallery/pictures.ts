/** Slices and structures of the gallery. */
import { thumbnailOf } from '../../extensions/fewshot-sam/src/session/thumbnail';
import type { SheetPictures } from '../../extensions/fewshot-sam/src/session/sheetPictures';
import type { FewshotSetItem } from '../../extensions/fewshot-sam/src/session/state';
import type { Series } from '../../extensions/fewshot-sam/src/viewer/series';
import type { GraySeries } from './brainSeries';
import { brainOf, headOf } from './parts';

declare global {
  interface Window {
    brainSeries: GraySeries;
  }
}

const { columns, rows, slices } = window.brainSeries;
const pixels = slices.map(text => Uint8Array.from(atob(text), char => char.charCodeAt(0)));

const WINDOW = { low: 0, high: 255, inverted: false };

/** As much of the series as pictures need. */
export const GALLERY_SERIES = { columns, rows, rowSpacing: 1, columnSpacing: 1 } as Series;

/** The viewer's images. @param shownAs slice that stands for a slice of a longer series */
export function galleryImages(
  shownAs: (slice: number) => number,
): ConstructorParameters<typeof SheetPictures>[0] {
  return {
    cachedSlice: (_, index) => pixels[shownAs(index)],
    loadSlice: () => Promise.reject(new Error('Every image is there.')),
    displayedWindow: () => WINDOW,
  };
}

export const SLICE_COUNT = slices.length;

const brains = new Map<number, Uint8Array>();

export function brainMask(sliceIndex: number): Uint8Array {
  let mask = brains.get(sliceIndex);
  if (!mask) brains.set(sliceIndex, (mask = brainOf(pixels[sliceIndex], columns)));
  return mask;
}

export function headMask(sliceIndex: number): Uint8Array {
  return headOf(pixels[sliceIndex], columns);
}

/** The brain with three holes and a speck, as a hasty brush leaves it. */
function holedMask(sliceIndex: number): Uint8Array {
  const mask = brainMask(sliceIndex).slice();
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
    known.set(key, thumbnailOf(pixels[sliceIndex], mask, { columns, rows, aspect: 1 }, WINDOW));
  }
  return { sliceIndex: shownAs, thumbnail: known.get(key)! };
}
