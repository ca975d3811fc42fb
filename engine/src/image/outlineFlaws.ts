import type { Mask } from './slice';
import { connectedComponents } from './connectedComponents';

/** Pixels of an outlined slice that look like a slip of the brush. */
export interface OutlineFlaws {
  /** One per hole: unlabelled pixels that the outline encloses, ascending. */
  holes: Uint32Array[];
  /** One per speck: pixels of a tiny part beside a much larger one, ascending. */
  specks: Uint32Array[];
}

export interface OutlineFlawOptions {
  /** Other than 0 where another segment lies: a hole that one fills is meant so. Same size as the mask. */
  taken?: ArrayLike<number>;
  /** mm2 of a pixel; unknown: only the shares below count. */
  pixelArea?: number;
}

/** A part with more than this share of the largest part is none of its specks. */
const SPECK_SHARE = 0.02;
/** A part with more area, in mm2, is no speck beside however large a structure: 6 mm across. */
const SPECK_AREA = 30;
/** A part of so few pixels is a speck beside any part ten times its size. */
const SPECK_PIXELS = 4;
const SPECK_PIXELS_SHARE = 0.1;
/** With holes of this share of the filled outline on every slice, the structure may be a ring. */
const RING_SHARE = 0.1;

/**
 * Finds holes and specks in the outline of one slice. Parts of similar size, such as two lungs, are
 * no specks. Whether a hole is meant (the wall of a vessel) cannot be seen in one slice; the caller asks.
 *
 * Parts are connected by edges or corners, so holes by edges only: a thin diagonal line encloses.
 *
 * @param mask other than 0 inside, row-major
 */
export function outlineFlaws(
  mask: ArrayLike<number>,
  columns: number,
  { taken, pixelArea }: OutlineFlawOptions = {},
): OutlineFlaws {
  return { holes: holesOf(mask, columns, taken), specks: specksOf(mask, columns, pixelArea) };
}

/**
 * Whether a structure may be a ring, such as the wall of a vessel: it is outlined on several slices, and
 * on every one of them a hole is a large part of the filled outline.
 */
export function looksLikeRing(
  slices: readonly { mask: ArrayLike<number>; flaws: OutlineFlaws }[],
): boolean {
  return (
    slices.length > 1 &&
    slices.every(({ mask, flaws: { holes } }) => {
      const areas = holes.map(({ length }) => length);
      const filled = areas.reduce((sum, area) => sum + area, countOf(mask));
      return Math.max(0, ...areas) > RING_SHARE * filled;
    })
  );
}

function countOf(mask: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < mask.length; i++) if (mask[i]) count++;
  return count;
}

/** The mask with some pixels added and others removed. */
export function withPixels(
  mask: Mask,
  added: readonly Uint32Array[],
  removed: readonly Uint32Array[],
): Mask {
  const changed = mask.slice();
  for (const pixels of added) for (const i of pixels) changed[i] = 1;
  for (const pixels of removed) for (const i of pixels) changed[i] = 0;
  return changed;
}

function specksOf(mask: ArrayLike<number>, columns: number, pixelArea?: number): Uint32Array[] {
  const { labels, components } = connectedComponents(mask, [columns, mask.length / columns, 1]);
  if (components.length < 2) return [];
  const largest = Math.max(...components.map(({ voxels }) => voxels));
  const isSpeck = ({ voxels }: { voxels: number }) =>
    (voxels <= SPECK_PIXELS && voxels <= SPECK_PIXELS_SHARE * largest) ||
    (voxels <= SPECK_SHARE * largest && voxels * (pixelArea ?? 0) <= SPECK_AREA);
  return components.filter(isSpeck).map(({ label, low, high, voxels }) => {
    const pixels = new Uint32Array(voxels);
    let count = 0;
    for (let row = low[1]; row <= high[1]; row++) {
      for (let i = row * columns + low[0]; i <= row * columns + high[0]; i++) {
        if (labels[i] === label) pixels[count++] = i;
      }
    }
    return pixels;
  });
}

/**
 * Unlabelled pixels that a mask encloses, one list per hole, ascending.
 *
 * @param taken see `OutlineFlawOptions`
 */
export function holesOf(
  mask: ArrayLike<number>,
  columns: number,
  taken?: ArrayLike<number>,
): Uint32Array[] {
  const box = boxOf(mask, columns);
  if (!box) return [];
  const { left, top, width, height } = box;
  // Everything outside the box is connected around it.
  const seen = new Uint8Array(width * height);
  const at = (i: number) => (top + Math.floor(i / width)) * columns + left + (i % width);
  const queue = new Int32Array(width * height);
  const flood = (start: number): number => {
    let count = 0;
    const reach = (i: number) => {
      if (seen[i] || mask[at(i)]) return;
      seen[i] = 1;
      queue[count++] = i;
    };
    reach(start);
    for (let next = 0; next < count; next++) {
      const i = queue[next];
      const column = i % width;
      if (column > 0) reach(i - 1);
      if (column < width - 1) reach(i + 1);
      if (i >= width) reach(i - width);
      if (i < width * (height - 1)) reach(i + width);
    }
    return count;
  };
  for (let column = 0; column < width; column++) {
    flood(column);
    flood((height - 1) * width + column);
  }
  for (let row = 0; row < height; row++) {
    flood(row * width);
    flood(row * width + width - 1);
  }
  const holes: Uint32Array[] = [];
  for (let start = 0; start < seen.length; start++) {
    const count = flood(start);
    if (count === 0) continue;
    const enclosed = Uint32Array.from(queue.subarray(0, count), at).sort();
    const free = taken ? enclosed.filter(i => !taken[i]) : enclosed;
    // Mostly another segment: a lesion in its organ.
    if (2 * free.length > count) holes.push(free);
  }
  return holes;
}

/** Smallest rectangle around the mask; null where it is empty. */
function boxOf(mask: ArrayLike<number>, columns: number) {
  let [left, right, top, bottom] = [columns, -1, -1, -1];
  for (let i = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    const column = i % columns;
    left = Math.min(left, column);
    right = Math.max(right, column);
    bottom = Math.floor(i / columns);
    if (top < 0) top = bottom;
  }
  return bottom < 0 ? null : { left, top, width: right - left + 1, height: bottom - top + 1 };
}
