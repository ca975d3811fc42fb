/** States of a review for its contact sheet and its clean-up. */
import type { Review } from '../../extensions/fewshot-sam/src/session/review';
import type { SessionSnapshot } from '../../extensions/fewshot-sam/src/session/state';
import { picture, SLICE_COUNT } from './pictures';
import { decided, sampleReview, stateOf } from './sampleReview';

export interface GalleryState {
  caption: string;
  snapshot: SessionSnapshot;
  review?: Review;
  /** Slice of the pictures that stands for a slice of a longer series. */
  shownAs?(slice: number): number;
  /** Words of a button to press where the state is shown alone: what opens covers the window. */
  opens?: string;
}

const THIN = 504;
const thinDrawn = [0, 250, 503];
const thinShown = (slice: number) => 4 + (slice % 12);

/** @param drawn slices outlined in `review` */
export function sheetStates(
  ready: SessionSnapshot,
  review: Review,
  drawn: readonly number[],
): Record<string, GalleryState> {
  const some = decided(review, 'accepted', 6, 7);
  const thin = sampleReview(
    { brain: Array.from({ length: THIN }, (_, i) => i).filter(i => !thinDrawn.includes(i)) },
    { drawn: thinDrawn, shownAs: thinShown },
  );
  const reviewing = { ...ready, status: 'review' as const, currentSlice: 16 };
  return {
    'contact-sheet': {
      caption: 'Review: all slices',
      snapshot: { ...reviewing, review: stateOf(some, SLICE_COUNT, drawn, { currentSlice: 16 }) },
      review: some,
      opens: 'All slices',
    },
    'clean-up': {
      caption: 'Review: preview of a clean-up',
      snapshot: {
        ...reviewing,
        review: stateOf(some, SLICE_COUNT, drawn, { currentSlice: 16 }),
        cleanUp: { state: 'preview', kind: 'smooth', slices: [7, 8, 11], added: 523, removed: 214 },
      },
      review: some,
    },
    'contact-sheet-long': {
      caption: 'Review: all of 501 slices',
      snapshot: {
        ...reviewing,
        series: { description: 'HEAD 0.9', modality: 'MR', sliceCount: THIN },
        fewshotSet: thinDrawn.map(slice => picture('brain', thinShown(slice), slice)),
        review: stateOf(thin, THIN, thinDrawn, {
          picture: (_, slice) => picture('brain', thinShown(slice), slice),
        }),
      },
      review: thin,
      shownAs: thinShown,
    },
  };
}
