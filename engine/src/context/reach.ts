import { outlined } from '../job/checkJob';
import type { Mask, Slice } from '../image/slice';

/** Share of the usual gap between labelled slices that the structure is trusted to go on beyond them. */
const GAP_SHARE = 1 / 4;
const LEAST_SLICES = 2;

/**
 * How many slices beyond the outermost labelled ones are searched. A structure that ends there cannot
 * be told from what looks like it and follows (the aorta's branches, the prostate under the bladder),
 * so what the outlines say about its length decides: a quarter of the gap between two of them, or,
 * where they are still short of it, until the structure is as long as it is wide.
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
