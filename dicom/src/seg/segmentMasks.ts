import { FewshotError } from 'fewshot-sam';
import type { SegmentDescription } from './segmentSequence';
import type { SourceGeometry } from '../series/sourceGeometry';

export interface Segment extends SegmentDescription {
  /**
   * Slice index -> mask on the source's own grid: row-major, `rows * columns`, 1 inside, 0 outside. Slices
   * may be missing or empty.
   */
  masks: ReadonlyMap<number, Uint8Array>;
}

/** The mask of a segment on a slice; has at least one voxel unless empty frames are kept. */
export interface SegmentMask {
  segmentNumber: number;
  sliceIndex: number;
  mask: Uint8Array;
}

/**
 * Returns the masks by segment, numbered from 1, then by slice.
 *
 * @param keepEmpty whether each segment has a mask on each slice of the series
 * @throws FewshotError `bad-input` when there is nothing to store, or a mask is not on the source's grid
 */
export function segmentMasks(
  segments: readonly Segment[],
  { rows, columns, positions }: SourceGeometry,
  keepEmpty: boolean,
): SegmentMask[] {
  const masks: SegmentMask[] = [];
  const empty = new Uint8Array(rows * columns);
  segments.forEach((segment, index) => {
    const segmentNumber = index + 1;
    const inside = new Set<number>();
    for (const [sliceIndex, mask] of segment.masks) {
      checkMask(mask, `"${segment.label}" on slice ${sliceIndex + 1}`, sliceIndex, {
        pixels: rows * columns,
        slices: positions.length,
      });
      if (mask.includes(1)) inside.add(sliceIndex);
    }
    if (inside.size === 0 && !keepEmpty && segments.length > 1) throw nothingToStore(segment.label);
    for (const sliceIndex of positions.keys()) {
      const mask = inside.has(sliceIndex) ? segment.masks.get(sliceIndex)! : empty;
      if (mask !== empty || keepEmpty) masks.push({ segmentNumber, sliceIndex, mask });
    }
  });
  if (!masks.length) throw nothingToStore(segments[0]?.label);
  return masks;
}

function checkMask(
  mask: Uint8Array,
  name: string,
  sliceIndex: number,
  grid: { pixels: number; slices: number },
): void {
  if (!(sliceIndex >= 0 && sliceIndex < grid.slices)) {
    throw new FewshotError(
      'bad-input',
      `${name}: the series has ${grid.slices} slices.`,
      'Make the segmentation on the series that it belongs to.',
    );
  }
  if (mask.length !== grid.pixels) {
    throw new FewshotError(
      'bad-input',
      `${name} has ${mask.length} voxels, the image has ${grid.pixels}.`,
      'Make the segmentation on the grid of the original images.',
    );
  }
  if (mask.some(value => value > 1)) {
    throw new FewshotError(
      'bad-input',
      `${name} is not a mask of 0 and 1.`,
      'Give masks that are 1 inside the structure and 0 outside.',
    );
  }
}

function nothingToStore(label: string | undefined): FewshotError {
  return new FewshotError(
    'bad-input',
    label ? `"${label}" has no voxel, so there is nothing to store.` : 'There is nothing to store.',
    'Outline the structure on at least one slice.',
  );
}

/** A slice on which two segments share a voxel. */
export interface Overlap {
  sliceIndex: number;
  segmentNumbers: [number, number];
}

/** Finds the first slice with a voxel that belongs to two segments. */
export function findOverlap(masks: readonly SegmentMask[]): Overlap | null {
  for (const [sliceIndex, onSlice] of bySlice(masks)) {
    if (onSlice.length < 2) continue;
    const labels = new Uint16Array(onSlice[0].mask.length);
    for (const { mask, segmentNumber } of onSlice) {
      const last = mask.lastIndexOf(1);
      for (let i = mask.indexOf(1); i >= 0 && i <= last; i++) {
        if (mask[i] !== 1) continue;
        if (labels[i] !== 0) return { sliceIndex, segmentNumbers: [labels[i], segmentNumber] };
        labels[i] = segmentNumber;
      }
    }
  }
  return null;
}

/** Groups masks by slice, ascending. */
export function bySlice(masks: readonly SegmentMask[]): [number, SegmentMask[]][] {
  const slices = new Map<number, SegmentMask[]>();
  for (const mask of masks) {
    const onSlice = slices.get(mask.sliceIndex);
    if (onSlice) onSlice.push(mask);
    else slices.set(mask.sliceIndex, [mask]);
  }
  return [...slices].sort(([a], [b]) => a - b);
}
