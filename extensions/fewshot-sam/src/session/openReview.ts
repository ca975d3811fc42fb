import type { FewshotResult, Mask } from 'fewshot-sam';
import { yieldToBrowser } from '../viewer/yieldToBrowser';
import type { Preview } from '../viewer/previewLayer';
import type { Series } from '../viewer/series';
import { lookOrder } from './lookOrder';
import {
  acceptedMasks,
  decisionOn,
  outcomesOf,
  slicesToRefine,
  type DrawnSlices,
  type Review,
} from './review';
import { PREVIEWS } from './reviewState';
import type { ResultSummary } from './state';
import type { Thumbnails } from './thumbnails';

/** What a run knows, for a second one to go on from. */
export type Continuation = NonNullable<FewshotResult['continuation']>;

/** A review with what it belongs to. */
export interface OpenReview {
  review: Review;
  series: Series;
  segmentationId: string;
  seconds: number;
  /** What the run learned from: see `learnedKey`. */
  learnedFrom: string;
  /** What the reader must know of all of it. */
  note?: string;
  /** Segment index -> what its run knows; nothing of it is kept over a reload. */
  continuations?: ReadonlyMap<number, Continuation>;
}

/**
 * What a second run does with each segment, by segment index: which slices it segments, what it learns
 * from besides what was drawn, and from where it goes on.
 */
export type Refinement = ReadonlyMap<
  number,
  { labels: ReadonlyMap<number, Mask>; targets: number[]; continues?: Continuation }
>;

/** The review's results as lines over the viewport. */
export function previewOf({ review, series }: OpenReview, drawn: DrawnSlices): Preview {
  return {
    series,
    shapesOn: slice =>
      review.structures.flatMap(({ segmentIndex, masks, color }) => {
        const mask = masks.get(slice);
        if (!mask || drawn(segmentIndex).has(slice)) return [];
        return { mask, color, look: decisionOn(review, segmentIndex, slice) ?? 'predicted' };
      }),
  };
}

/** What a review that is finished leaves in each structure. */
export function summaryOf({ review, series }: OpenReview, drawn: DrawnSlices): ResultSummary {
  return {
    structures: review.structures.map(structure => {
      const { segmentIndex, label } = structure;
      const outcomes = outcomesOf(review, structure, drawn(segmentIndex), series.imageIds.length);
      return { segmentIndex, label, outcomes };
    }),
  };
}

/** What a second run shall do. @param useAccepted whether accepted slices are learned from, too */
export function refinementOf(
  { review, continuations }: OpenReview,
  drawn: DrawnSlices,
  useAccepted: boolean,
): Refinement {
  return new Map(
    review.structures.map(structure => {
      const { segmentIndex } = structure;
      const slices = drawn(segmentIndex);
      const continues = continuations?.get(segmentIndex);
      return [
        segmentIndex,
        {
          labels: useAccepted ? acceptedMasks(review, structure, slices) : new Map(),
          targets: slicesToRefine(review, structure, slices),
          ...(continues && { continues }),
        },
      ];
    }),
  );
}

/** What the runs of a review know: those of the latest come in the place of earlier ones. */
export function continuationsOf(
  results: readonly { segmentIndex: number; result: FewshotResult }[],
  before: OpenReview['continuations'],
): ReadonlyMap<number, Continuation> {
  return new Map([
    ...(before ?? []),
    ...results.flatMap(({ segmentIndex, result: { continuation } }) =>
      continuation ? [[segmentIndex, continuation] as const] : [],
    ),
  ]);
}

/** Makes the pictures that a review begins with, one by one: together they would be a long task. */
export async function firstPictures(
  thumbnails: Pick<Thumbnails, 'of'>,
  series: Series,
  review: Review,
): Promise<void> {
  for (const { segmentIndex, masks } of review.structures) {
    const first = lookOrder(review, [segmentIndex], () => new Set()).slice(0, PREVIEWS);
    for (const slice of first) {
      await yieldToBrowser();
      const mask = masks.get(slice)!;
      thumbnails.of(series, slice, mask, () => mask);
    }
  }
}
