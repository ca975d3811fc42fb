import { connectedComponents } from '../image/connectedComponents';
import type { Slice } from '../image/slice';
import type { PropagatedSlice } from '../job/job';
import { segmented } from '../job/segmented';

/** Standard deviation in mm of the smoothing across slices. */
const SMOOTHING_MM = 2.5;
/** A part smaller than this share of all that was found is removed. */
const LEAST_SHARE = 0.1;
/** What replaces the logits of a removed part: surely background. */
const REMOVED_LOGIT = -8;

/**
 * Makes slices that were segmented one by one agree: smooths their logits across slices and removes small
 * parts of the volume. Never "the largest part only": vertebrae are many.
 *
 * @param found slices of one study with logits on their own grid, in any order
 * @param sliceSpacing mm between slices; without it nothing is smoothed
 */
export function cleanVolume(
  found: readonly { index: number; logits: Float32Array }[],
  { rows, columns }: Pick<Slice, 'rows' | 'columns'>,
  sliceSpacing: number | undefined,
): PropagatedSlice[] {
  const inOrder = [...found].sort((a, b) => a.index - b.index);
  const smoothed = inOrder.map((_, i) => smoothedAt(inOrder, i, sliceSpacing));
  const pixels = rows * columns;
  const mask = new Uint8Array(pixels * smoothed.length);
  smoothed.forEach((logits, i) => {
    logits.forEach((logit, pixel) => (mask[i * pixels + pixel] = logit > 0 ? 1 : 0));
  });
  const { labels, components } = connectedComponents(mask, [columns, rows, smoothed.length]);
  const total = components.reduce((sum, { voxels }) => sum + voxels, 0);
  const isSmall = components.map(({ voxels }) => voxels < LEAST_SHARE * total);
  return inOrder.map(({ index }, i) => {
    const logits = smoothed[i];
    for (let pixel = 0; pixel < pixels; pixel++) {
      const label = labels[i * pixels + pixel];
      if (label > 0 && isSmall[label - 1]) logits[pixel] = REMOVED_LOGIT;
    }
    return segmented(index, logits);
  });
}

/** Gaussian mean over neighboring slices; a gap in the indices ends the neighborhood. */
function smoothedAt(
  slices: readonly { index: number; logits: Float32Array }[],
  at: number,
  sliceSpacing: number | undefined,
): Float32Array {
  const { index, logits } = slices[at];
  const sum = logits.slice();
  if (!sliceSpacing) return sum;
  let total = 1;
  const reach = Math.floor((2 * SMOOTHING_MM) / sliceSpacing);
  for (let step = -reach; step <= reach; step++) {
    const other = slices[at + step];
    if (step === 0 || other?.index !== index + step) continue;
    const weight = Math.exp(-((step * sliceSpacing) ** 2) / (2 * SMOOTHING_MM ** 2));
    total += weight;
    for (let i = 0; i < sum.length; i++) sum[i] += weight * other.logits[i];
  }
  for (let i = 0; i < sum.length; i++) sum[i] /= total;
  return sum;
}
