import { boundingBox, type BoundingBox } from './boundingBox';
import { connectedComponents, joinTouching } from './connectedComponents';
import { DisjointSets } from './disjointSets';
import { holesOf, withPixels } from './outlineFlaws';
import type { Mask, Slice } from './slice';

/**
 * - `smooth`: a Gaussian over the slices and across them
 * - `holes`: fills what a slice encloses
 * - `largest`: keeps the largest connected piece
 * - `specks`: removes pieces that are tiny beside the largest one
 */
export type MaskCleanUpKind = 'smooth' | 'holes' | 'largest' | 'specks';

export interface MaskCleanUp {
  kind: MaskCleanUpKind;
  /** Slice index -> mask, row-major, 1 inside: the slices that may change. Their masks are not touched. */
  masks: ReadonlyMap<number, Mask>;
  /** Slice index -> mask of slices that never change but belong to the structure, as those a person drew. */
  fixed: ReadonlyMap<number, Mask>;
  grid: Pick<Slice, 'columns' | 'rows' | 'columnSpacing' | 'rowSpacing'>;
  /** mm from slice 0 to a slice, along the normal. */
  positionOf(sliceIndex: number): number;
  /** Nonzero where another structure lies; nothing is added there. */
  takenOn?(sliceIndex: number): ArrayLike<number> | null;
  /** Standard deviation of the smoothing in mm. */
  smoothingMm?: number;
  /** Awaited after each slice, so that the caller can yield or cancel by throwing. */
  pause?(): Promise<void>;
}

const SMOOTHING_MM = 1.5;
/** The Gaussian ends after so many standard deviations. */
const REACH = 3;
/** A piece with less than this fraction of the largest piece's volume is a speck. */
const SPECK_SHARE = 0.02;

/**
 * Cleans up a segmented structure as a whole. A slice is never emptied by smoothing: a vessel of two pixels
 * would be lost.
 *
 * @returns slice index -> new mask, for the slices that change
 */
export function cleanUpMasks(job: MaskCleanUp): Promise<Map<number, Mask>> {
  if (job.kind === 'smooth') return smoothed(job);
  if (job.kind === 'holes') return filled(job);
  return withoutPieces(job);
}

async function filled({ masks, grid, takenOn, pause }: MaskCleanUp): Promise<Map<number, Mask>> {
  const changed = new Map<number, Mask>();
  for (const [index, mask] of masks) {
    const holes = holesOf(mask, grid.columns, takenOn?.(index) ?? undefined);
    if (holes.length > 0) changed.set(index, withPixels(mask, holes, []));
    await pause?.();
  }
  return changed;
}

/**
 * Removes whole pieces. Pieces are connected by faces, edges or corners; slices without a mask in between
 * do not part them.
 */
async function withoutPieces(job: MaskCleanUp): Promise<Map<number, Mask>> {
  const { kind, masks, fixed, grid, pause } = job;
  const { columns, rows } = grid;
  const slices = [...masks, ...fixed].sort(([a], [b]) => a - b);
  const componentsOf = (mask: Mask) => connectedComponents(mask, [columns, rows, 1]);
  const sets = new DisjointSets();
  const firsts: number[] = [];
  const voxelsOfMember: number[] = [];
  const fixedMembers: number[] = [];
  let below: Int32Array | null = null;
  for (const [k, [index, mask]] of slices.entries()) {
    const { labels, components } = componentsOf(mask);
    firsts.push(sets.add(components.length));
    for (const [i, { voxels }] of components.entries()) {
      voxelsOfMember.push(voxels);
      if (fixed.has(index)) fixedMembers.push(firsts[k] + i);
    }
    if (below) joinTouching(below, firsts[k - 1], labels, firsts[k], columns, sets);
    below = labels;
    await pause?.();
  }

  const voxels = new Map<number, number>();
  voxelsOfMember.forEach((count, member) => {
    const root = sets.find(member);
    voxels.set(root, (voxels.get(root) ?? 0) + count);
  });
  const largest = Math.max(...voxels.values());
  const least = kind === 'largest' ? largest : SPECK_SHARE * largest;
  const kept = new Set([...voxels].filter(([, count]) => count >= least).map(([root]) => root));
  // What hangs together with a drawn slice is no speck, however small.
  if (kind === 'specks') for (const member of fixedMembers) kept.add(sets.find(member));

  const changed = new Map<number, Mask>();
  for (const [k, [index, mask]] of slices.entries()) {
    if (!masks.has(index)) continue;
    const { labels, components } = componentsOf(mask);
    const isKept = components.map((_, i) => kept.has(sets.find(firsts[k] + i)));
    if (isKept.includes(false)) {
      changed.set(
        index,
        mask.map((value, i) => (labels[i] > 0 && !isKept[labels[i] - 1] ? 0 : value)),
      );
    }
    await pause?.();
  }
  return changed;
}

async function smoothed(job: MaskCleanUp): Promise<Map<number, Mask>> {
  const { masks, fixed, grid, positionOf, takenOn, smoothingMm = SMOOTHING_MM, pause } = job;
  const { columns, rows, columnSpacing, rowSpacing } = grid;
  const all = [...masks, ...fixed];
  const alongRow = gaussian(smoothingMm / columnSpacing);
  const alongColumn = gaussian(smoothingMm / rowSpacing);
  const changed = new Map<number, Mask>();
  for (const [index, mask] of masks) {
    const near = all.flatMap(([other, otherMask]) => {
      const distance = Math.abs(positionOf(other) - positionOf(index));
      if (distance > REACH * smoothingMm) return [];
      return [{ mask: otherMask, weight: Math.exp(-0.5 * (distance / smoothingMm) ** 2) }];
    });
    const box = boundingBox(
      near.map(one => one.mask),
      columns,
    );
    if (box) {
      const around = {
        left: Math.max(0, box.left - alongRow.length),
        right: Math.min(columns - 1, box.right + alongRow.length),
        top: Math.max(0, box.top - alongColumn.length),
        bottom: Math.min(rows - 1, box.bottom + alongColumn.length),
      };
      const share = blurred(near, around, columns, alongRow, alongColumn);
      const next = atLeastHalf(mask, share, around, columns, takenOn?.(index) ?? null);
      if (next) changed.set(index, next);
    }
    await pause?.();
  }
  return changed;
}

/** Weights of a Gaussian at distance 0, 1, 2, ... */
function gaussian(deviation: number): number[] {
  const reach = Math.floor(REACH * deviation + 0.5);
  return Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / deviation) ** 2));
}

/** Weighted share of inside pixels around each pixel of a box; what lies beyond the image has no weight. */
function blurred(
  slices: readonly { mask: Mask; weight: number }[],
  { left, right, top, bottom }: BoundingBox,
  columns: number,
  alongRow: readonly number[],
  alongColumn: readonly number[],
): Float32Array {
  const width = right - left + 1;
  const height = bottom - top + 1;
  const sum = new Float32Array(width * height);
  let total = 0;
  for (const { mask, weight } of slices) {
    total += weight;
    for (let row = 0; row < height; row++) {
      const from = (top + row) * columns + left;
      for (let column = 0; column < width; column++) {
        if (mask[from + column]) sum[row * width + column] += weight;
      }
    }
  }
  for (let i = 0; i < sum.length; i++) sum[i] /= total;
  const rowsDone = blurLines(sum, width, height, 1, width, alongRow);
  return blurLines(rowsDone, height, width, width, 1, alongColumn);
}

/** Weighted mean along each line. @param stride between values of a line. @param next between lines */
function blurLines(
  values: Float32Array,
  length: number,
  lines: number,
  stride: number,
  next: number,
  weights: readonly number[],
): Float32Array {
  const result = new Float32Array(values.length);
  for (let i = 0; i < length; i++) {
    const first = Math.max(0, i - weights.length + 1);
    const last = Math.min(length - 1, i + weights.length - 1);
    let total = 0;
    for (let j = first; j <= last; j++) total += weights[Math.abs(j - i)];
    for (let line = 0; line < lines; line++) {
      let sum = 0;
      for (let j = first; j <= last; j++) {
        sum += weights[Math.abs(j - i)] * values[line * next + j * stride];
      }
      result[line * next + i * stride] = sum / total;
    }
  }
  return result;
}

/** The mask of shares above one half. @returns null if it is the same or empty */
function atLeastHalf(
  mask: Mask,
  share: Float32Array,
  { left, right, top, bottom }: BoundingBox,
  columns: number,
  taken: ArrayLike<number> | null,
): Mask | null {
  const next = mask.slice();
  const width = right - left + 1;
  let isChanged = false;
  let isEmpty = true;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const i = row * columns + column;
      const isInside = share[(row - top) * width + column - left] > 0.5;
      next[i] = isInside && (mask[i] || !taken?.[i]) ? 1 : 0;
      if (next[i] !== mask[i]) isChanged = true;
      if (next[i]) isEmpty = false;
    }
  }
  return isChanged && !isEmpty ? next : null;
}
