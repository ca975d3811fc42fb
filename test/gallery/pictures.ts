/** Slices and structures of the gallery. */
import { thumbnailOf } from '../../extensions/fewshot-sam/src/session/thumbnail';
import type { FewshotSetItem } from '../../extensions/fewshot-sam/src/session/state';
import type { GreySeries } from './brainSeries';
import { brainOf, headOf } from './parts';

declare global {
  interface Window {
    brainSeries: GreySeries;
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

const known = new Map<string, FewshotSetItem['thumbnail']>();

/** The thumbnail of a structure, made by the session's own code. */
export function picture(
  structure: 'brain' | 'head',
  sliceIndex: number,
  shownAs = sliceIndex,
): FewshotSetItem {
  const key = `${structure}/${sliceIndex}`;
  if (!known.has(key)) {
    const mask = structure === 'brain' ? brainMask(sliceIndex) : headMask(sliceIndex);
    known.set(key, thumbnailOf(pixels[sliceIndex], mask, columns, rows, { low: 0, high: 255 }));
  }
  return { sliceIndex: shownAs, thumbnail: known.get(key)! };
}
