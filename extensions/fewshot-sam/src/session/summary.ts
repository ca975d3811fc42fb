import type { FewshotResult, Mask } from 'fewshot-sam';
import type { SegmentSlices } from './fewshotSet';
import type { CollectedSegment } from './collect';
import type { FewshotSetItem, Preview, ResultSummary, SliceOutcome } from './state';

const PREVIEWS = 6;

/** At most `count` elements, evenly spaced, first and last included. */
export function evenlySpaced<T>(list: T[], count: number): T[] {
  if (list.length <= count) return list;
  return Array.from(
    { length: count },
    (_, i) => list[Math.round((i * (list.length - 1)) / (count - 1))],
  );
}

/**
 * What every slice of the series holds after the masks were written.
 *
 * @param notSearched slices that were left empty without being looked at
 */
export function outcomesOf(
  sliceCount: number,
  written: ReadonlyMap<number, Mask>,
  slices: SegmentSlices,
  notSearched: readonly number[] = [],
): SliceOutcome[] {
  return Array.from({ length: sliceCount }, (_, index) => {
    if (written.has(index)) {
      if (slices.has(index)) return 'predicted';
      return notSearched.includes(index) ? 'not-searched' : 'empty';
    }
    return slices.has(index) ? 'drawn' : 'outside-range';
  });
}

/** The segmented slices that are worth a look: the least sure, where that is known. */
export function toLookAt(
  predicted: number[],
  { slices }: Pick<FewshotResult, 'slices'>,
): Omit<Preview, 'thumbnail'>[] {
  const confidences = new Map(slices.map(({ index, confidence }) => [index, confidence]));
  const known = predicted.map(sliceIndex => ({
    sliceIndex,
    confidence: confidences.get(sliceIndex),
  }));
  if (known.every(({ confidence }) => confidence === undefined)) {
    return evenlySpaced(known, PREVIEWS);
  }
  return known
    .sort((a, b) => (a.confidence ?? 1) - (b.confidence ?? 1))
    .slice(0, PREVIEWS)
    .sort((a, b) => a.sliceIndex - b.sliceIndex);
}

/**
 * @param writes what was found and what of it was written, in the order of `segments`
 * @param after digests of all slices after writing, per segment index
 */
export function summarize(
  segments: CollectedSegment[],
  writes: { masks: ReadonlyMap<number, Mask>; result: FewshotResult }[],
  after: ReadonlyMap<number, SegmentSlices>,
  sliceCount: number,
  thumbnail: (segment: CollectedSegment, sliceIndex: number) => FewshotSetItem | null,
): ResultSummary['structures'] {
  return segments.map((segment, i) => {
    const outcomes = outcomesOf(
      sliceCount,
      writes[i].masks,
      after.get(segment.segmentIndex) ?? new Map(),
      writes[i].result.notSearched,
    );
    const predicted = outcomes.flatMap((outcome, index) =>
      outcome === 'predicted' ? [index] : [],
    );
    return {
      segmentIndex: segment.segmentIndex,
      label: segment.label,
      color: segment.color,
      outcomes,
      expectedDice: writes[i].result.expectedDice,
      previews: toLookAt(predicted, writes[i].result).flatMap(({ sliceIndex, confidence }) => {
        const item = thumbnail(segment, sliceIndex);
        return item ? { ...item, confidence } : [];
      }),
    };
  });
}
