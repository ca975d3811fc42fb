/** Slices and structures of the gallery: real slices, structures found in them by threshold. */
import { thumbnailOf } from '../../extensions/fewshot-sam/src/session/thumbnail';
import type { FewshotSetItem } from '../../extensions/fewshot-sam/src/session/state';
import type { GreySeries } from './brainSeries';

declare global {
  interface Window {
    brainSeries: GreySeries;
  }
}

const { columns, rows, slices } = window.brainSeries;
const pixels = slices.map(text => Uint8Array.from(atob(text), char => char.charCodeAt(0)));

export const SLICE_COUNT = slices.length;

/** Voxels that keep (`all`) or gain (`any`) a neighbourhood of the given radius. */
function morph(mask: Uint8Array, radius: number, keep: 'all' | 'any'): Uint8Array {
  let current = mask;
  for (let step = 0; step < radius; step++) {
    const next = new Uint8Array(current.length);
    for (let i = columns; i < current.length - columns; i++) {
      const sum =
        current[i] + current[i - 1] + current[i + 1] + current[i - columns] + current[i + columns];
      next[i] = Number(keep === 'all' ? sum === 5 : sum > 0);
    }
    current = next;
  }
  return current;
}

/** The largest connected part of a mask. */
function largestPart(mask: Uint8Array): Uint8Array {
  const seen = new Uint8Array(mask.length);
  let best: number[] = [];
  for (let seed = 0; seed < mask.length; seed++) {
    if (!mask[seed] || seen[seed]) continue;
    const part = [seed];
    seen[seed] = 1;
    for (let next = 0; next < part.length; next++) {
      const i = part[next];
      for (const neighbour of [i - 1, i + 1, i - columns, i + columns]) {
        if (mask[neighbour] && !seen[neighbour]) {
          seen[neighbour] = 1;
          part.push(neighbour);
        }
      }
    }
    if (part.length > best.length) best = part;
  }
  const result = new Uint8Array(mask.length);
  for (const i of best) result[i] = 1;
  return result;
}

/** The brain: bright, and apart from the scalp once thin bridges are cut. */
export function brainMask(sliceIndex: number): Uint8Array {
  const bright = pixels[sliceIndex].map(value => Number(value > 70));
  return morph(largestPart(morph(bright, 4, 'all')), 4, 'any');
}

/** The whole head. */
export function headMask(sliceIndex: number): Uint8Array {
  const bright = pixels[sliceIndex].map(value => Number(value > 30));
  return largestPart(morph(morph(bright, 3, 'any'), 3, 'all'));
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
