import type { FewshotResult, Mask } from 'fewshot-sam';
import { yieldToBrowser } from '../viewer/yieldToBrowser';
import type { Preview, PreviewLook, PreviewShape } from '../viewer/previewLayer';
import type { Series } from '../viewer/series';
import { lookOrder } from './lookOrder';
import {
  acceptedMasks,
  decide,
  decisionOn,
  openSlices,
  outcomesOf,
  slicesToRefine,
  type DrawnSlices,
  type Review,
} from './review';
import { PREVIEWS } from './reviewState';
import type { ResultSummary } from './state';
import type { Thumbnails } from './thumbnails';

/** State of a run, for a second run to continue from. */
export type Continuation = NonNullable<FewshotResult['continuation']>;

/** A review and the series and segmentation it belongs to. */
export interface OpenReview {
  review: Review;
  series: Series;
  segmentationId: string;
  seconds: number;
  /** Key of the outlines that the run learned from, see `learnedKey`. */
  learnedFrom: string;
  /** Slices whose predictions were shown, in the viewer or in the contact sheet; lost on reload. */
  seen?: ReadonlySet<number>;
  /** Caveat on the whole result. */
  note?: string;
  /** Segment index -> state of its run; lost on reload. */
  continuations?: ReadonlyMap<number, Continuation>;
}

/**
 * Plan of a second run, by segment index: slices to segment, masks to learn from besides the outlines,
 * and the run to continue.
 */
export type Refinement = ReadonlyMap<
  number,
  { labels: ReadonlyMap<number, Mask>; targets: number[]; continues?: Continuation }
>;

/**
 * Preview of the results, drawn over the viewport.
 *
 * @param changed the review as it would be after a change, which is shown with what it replaces
 */
export function previewOf(
  { review, series }: OpenReview,
  drawn: DrawnSlices,
  changed: Review = review,
): Preview {
  const masksOf = ({ structures }: Review, segmentIndex: number) =>
    structures.find(structure => structure.segmentIndex === segmentIndex)?.masks;
  return {
    series,
    shapesOn: slice =>
      review.structures.flatMap(({ segmentIndex, masks, color }): PreviewShape[] => {
        if (drawn(segmentIndex).has(slice)) return [];
        const look: PreviewLook = decisionOn(review, segmentIndex, slice) ?? 'predicted';
        const before = masks.get(slice);
        const mask = masksOf(changed, segmentIndex)?.get(slice);
        return [
          ...(before && before !== mask ? [{ mask: before, color, look: 'before' as const }] : []),
          ...(mask ? [{ mask, color, look }] : []),
        ];
      }),
  };
}

/** The review with some slices noted as seen. @returns `open` itself if there is nothing to note */
export function withSeen(open: OpenReview, slices: readonly number[]): OpenReview {
  if (slices.every(slice => open.seen?.has(slice))) return open;
  return { ...open, seen: new Set([...(open.seen ?? []), ...slices]) };
}

/** Structures whose result on a slice can be copied into the segment, to be corrected there. */
export function editedOn(
  { review }: OpenReview,
  segmentIndices: readonly number[],
  slice: number,
  drawn: DrawnSlices,
): Review['structures'] {
  return review.structures.filter(
    ({ segmentIndex, masks }) =>
      segmentIndices.includes(segmentIndex) && masks.has(slice) && !drawn(segmentIndex).has(slice),
  );
}

/** The review with every undecided slice accepted. */
export function allAccepted({ review }: OpenReview, drawn: DrawnSlices): Review {
  const indices = review.structures.map(({ segmentIndex }) => segmentIndex);
  return decide(review, indices, openSlices(review, indices, drawn), 'accepted');
}

/** Outcome per structure of a finished review. */
export function summaryOf({ review, series }: OpenReview, drawn: DrawnSlices): ResultSummary {
  return {
    structures: review.structures.map(structure => {
      const { segmentIndex, label } = structure;
      const outcomes = outcomesOf(review, structure, drawn(segmentIndex), series.imageIds.length);
      return { segmentIndex, label, outcomes };
    }),
  };
}

/** Plans a second run. @param useAccepted whether to learn from accepted slices too */
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

/** States of the runs of a review; a newer run replaces the older one of the same segment. */
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

/** Renders the first pictures of a review one by one; all at once would be a long task. */
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
