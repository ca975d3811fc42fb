import { ALGORITHM } from '../data/algorithm';
import type { SegmentDescription } from './segmentSequence';

const LONGEST = 64;

/**
 * Returns a series description, e.g. `Few-shot SAM: Liver, Spleen`; `Manual segmentation: Liver` where
 * nothing was predicted; `Segmentation: Liver` where other software made it.
 */
export function seriesDescription(
  segments: Pick<SegmentDescription, 'label' | 'algorithmType' | 'algorithm'>[],
): string {
  const predicted = segments.filter(({ algorithmType }) => algorithmType !== 'MANUAL');
  const isOurs = predicted.some(({ algorithm = ALGORITHM }) => algorithm.name === ALGORITHM.name);
  const byOthers = predicted.length > 0 ? 'Segmentation' : 'Manual segmentation';
  const kind = isOurs ? ALGORITHM.name : byOthers;
  const named = `${kind}: ${segments.map(({ label }) => label).join(', ')}`;
  if (named.length <= LONGEST || segments.length === 1) return named;
  return `${kind}: ${segments.length} structures`;
}

/** Returns one more than the highest Series Number in the study, so that the new series comes last. */
export function nextSeriesNumber(displaySets: object[]): number {
  const numbers = displaySets
    .map(displaySet => Number((displaySet as { SeriesNumber?: unknown }).SeriesNumber))
    .filter(Number.isInteger);
  return Math.max(0, ...numbers) + 1;
}
