import { boundingBox } from './boundingBox';
import type { Mask } from './slice';
import { connectedComponents } from './connectedComponents';

/** Pixels of an outlined slice that look like a slip of the brush. */
export interface OutlineFlaws {
  /** One per hole: unlabeled pixels that the outline encloses, ascending. */
  holes: Uint32Array[];
  /** One per speck: pixels of a tiny part beside a much larger one, ascending. */
  specks: Uint32Array[];
}

export interface OutlineFlawOptions {
  /**
   * Nonzero where another segment lies: a hole filled by another segment is intended. Same size as the
   * mask.
   */
  taken?: ArrayLike<number>;
  /** mm2 of a pixel; if absent, only the fractions below apply. */
  pixelArea?: number;
}

/** A part with more than this fraction of the largest part's area is no speck. */
const SPECK_SHARE = 0.02;
/** A part with more area than this, in mm2, is no speck, however large the structure: 6 mm across. */
const SPECK_AREA = 30;
/** A part of so few pixels is a speck beside any part ten times its size. */
const SPECK_PIXELS = 4;
const SPECK_PIXELS_SHARE = 0.1;
/** A structure may be a ring when a hole takes this fraction of the filled outline on every slice. */
const RING_SHARE = 0.1;

/**
 * Finds holes and specks in the outline of one slice. Parts of similar size, such as two lungs, are no
 * specks. One slice cannot show whether a hole is intended (the wall of a vessel), so the caller asks.
 *
 * Parts are connected by edges or corners, and holes by edges only, so a thin diagonal line encloses a
 * hole.
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
 * Whether a structure may be a ring, such as the wall of a vessel: it is outlined on several slices, and on
 * each of them one hole is a large part of the filled outline.
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

/** Returns a copy of the mask with some pixels added and others removed. */
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
 * Returns the unlabeled pixels that a mask encloses, one list per hole, ascending.
 *
 * @param taken see `OutlineFlawOptions`
 */
export function holesOf(
  mask: ArrayLike<number>,
  columns: number,
  taken?: ArrayLike<number>,
): Uint32Array[] {
  const box = boundingBox([mask], columns);
  if (!box) return [];
  const { left, top } = box;
  const [width, height] = [box.right - left + 1, box.bottom - top + 1];
  // Pixels outside the box are connected around it, so only the box is searched.
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
    // Skip holes that are mostly another segment, such as a lesion in its organ.
    if (2 * free.length > count) holes.push(free);
  }
  return holes;
}
