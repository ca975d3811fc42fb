import type { SegmentDescription } from './segmentSequence';

const LONGEST = 64;

/** e.g. `Few-shot SAM: Liver, Spleen`; `Manual segmentation: Liver` where nothing was predicted. */
export function seriesDescription(
  segments: Pick<SegmentDescription, 'label' | 'algorithmType'>[],
): string {
  const predicted = segments.some(({ algorithmType }) => algorithmType !== 'MANUAL');
  const kind = predicted ? 'Few-shot SAM' : 'Manual segmentation';
  const named = `${kind}: ${segments.map(({ label }) => label).join(', ')}`;
  if (named.length <= LONGEST || segments.length === 1) return named;
  return `${kind}: ${segments.length} structures`;
}

/** One more than the highest Series Number in the study, so that the new series comes last. */
export function nextSeriesNumber(displaySets: object[]): number {
  const numbers = displaySets
    .map(displaySet => Number((displaySet as { SeriesNumber?: unknown }).SeriesNumber))
    .filter(Number.isInteger);
  return Math.max(0, ...numbers) + 1;
}
