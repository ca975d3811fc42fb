import type { Mask } from 'fewshot-sam';
import type { SegmentSlices } from './fewshotSet';
import type { CollectedSegment } from './collect';
import type { FewshotSetItem, ResultSummary, SliceOutcome } from './state';

const PREVIEWS = 6;

/** At most `count` elements, evenly spaced, first and last included. */
export function evenlySpaced<T>(list: T[], count: number): T[] {
  if (list.length <= count) return list;
  return Array.from(
    { length: count },
    (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))],
  );
}

/** What every slice of the series holds after the masks were written. */
export function outcomesOf(
  sliceCount: number,
  written: ReadonlyMap<number, Mask>,
  slices: SegmentSlices,
): SliceOutcome[] {
  return Array.from({ length: sliceCount }, (_, index) => {
    if (written.has(index)) return slices.has(index) ? 'predicted' : 'empty';
    return slices.has(index) ? 'drawn' : 'outside-range';
  });
}

/**
 * @param writes what was written, in the order of `segments`
 * @param after digests of all slices after writing, per segment index
 */
export function summarize(
  segments: CollectedSegment[],
  writes: { masks: ReadonlyMap<number, Mask> }[],
  after: ReadonlyMap<number, SegmentSlices>,
  sliceCount: number,
  thumbnail: (segment: CollectedSegment, sliceIndex: number) => FewshotSetItem | null,
): ResultSummary['structures'] {
  return segments.map((segment, i) => {
    const outcomes = outcomesOf(
      sliceCount,
      writes[i].masks,
      after.get(segment.segmentIndex) ?? new Map(),
    );
    const predicted = outcomes.flatMap((outcome, index) =>
      outcome === 'predicted' ? [index] : [],
    );
    return {
      segmentIndex: segment.segmentIndex,
      label: segment.label,
      color: segment.color,
      outcomes,
      previews: evenlySpaced(predicted, PREVIEWS).flatMap(index => thumbnail(segment, index) ?? []),
    };
  });
}
