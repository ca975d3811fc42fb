import { outlined } from '../job/checkJob';
import type { Mask, Slice } from '../image/slice';

/** Fraction of the median gap between labeled slices to search beyond them. */
const GAP_SHARE = 1 / 4;
const LEAST_SLICES = 2;

/**
 * Returns how many slices to search beyond the outermost labeled ones. Where a structure ends, it cannot
 * be told from similar tissue that follows (the aorta's branches, the prostate under the bladder). So the
 * outlines decide: a quarter of the median gap between them, or until the structure is as long as it is
 * wide, if that is farther.
 */
export function slicesBeyond(
  labels: ReadonlyMap<number, Mask>,
  { rowSpacing, columnSpacing }: Pick<Slice, 'rowSpacing' | 'columnSpacing'>,
  sliceSpacing: number,
): number {
  const indices = outlined(labels);
  const gaps = indices.slice(1).map((index, i) => index - indices[i]);
  const gap = gaps.sort((a, b) => a - b)[gaps.length >> 1];
  let pixels = 0;
  for (const mask of labels.values()) for (const value of mask) pixels += value;
  const width = Math.sqrt((pixels / indices.length) * rowSpacing * columnSpacing);
  const length = (indices[indices.length - 1] - indices[0]) * sliceSpacing;
  return Math.max(
    LEAST_SLICES,
    Math.ceil(gap * GAP_SHARE),
    Math.floor((width - length) / 2 / sliceSpacing),
  );
}
