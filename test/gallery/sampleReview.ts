/** A review with real masks, by the session's own code; only the viewer around it is made up. */
import {
  decide,
  reviewOf,
  type Decision,
  type Review,
} from '../../extensions/fewshot-sam/src/session/review';
import {
  reviewState,
  type ReviewMoment,
} from '../../extensions/fewshot-sam/src/session/reviewState';
import type { ReviewState } from '../../extensions/fewshot-sam/src/session/state';
import { brainMask, headMask, picture } from './pictures';

export type Sample = 'brain' | 'head';

const SEGMENTS = {
  brain: { segmentIndex: 1, label: 'Brain', color: [221, 84, 84] as [number, number, number] },
  head: { segmentIndex: 2, label: 'Head', color: [94, 196, 102] as [number, number, number] },
};

/** As sure as a run usually is: less with the distance from the outlines. */
function confidenceOn(slice: number, drawn: readonly number[]): number {
  const distance = Math.min(...drawn.map(other => Math.abs(other - slice)));
  return Math.max(0.55, 0.97 - 0.05 * distance - 0.02 * (slice % 3));
}

function isBeyond(slice: number, drawn: readonly number[]): boolean {
  return slice < Math.min(...drawn) || slice > Math.max(...drawn);
}

/**
 * @param wanted slices to find per structure
 * @param isSure false for a method that does not know how sure it is
 */
export function sampleReview(
  wanted: Partial<Record<Sample, readonly number[]>>,
  {
    drawn,
    notSearched = [],
    empty = [],
    isSure = true,
    blank = [],
    shownAs = slice => slice,
  }: {
    drawn: readonly number[];
    notSearched?: number[];
    empty?: readonly number[];
    isSure?: boolean;
    /** Slices on which the image shows nothing. */
    blank?: readonly number[];
    /** Slice of the pictures that stands for a slice of a longer series. */
    shownAs?(slice: number): number;
  },
): Review {
  const names = Object.keys(wanted) as Sample[];
  const maskOf = { brain: brainMask, head: headMask };
  return reviewOf(
    names.map(name => SEGMENTS[name]),
    names.map(name => ({
      segmentIndex: SEGMENTS[name].segmentIndex,
      result: {
        slices: [...wanted[name]!, ...notSearched, ...empty].map(index => {
          const isFound = wanted[name]!.includes(index);
          const mask = maskOf[name](shownAs(index));
          return {
            index,
            mask: isFound ? mask : new Uint8Array(mask.length),
            probability: () => Float32Array.from(mask),
            ...(isFound &&
              isSure &&
              !blank.includes(index) && { confidence: confidenceOn(index, drawn) }),
            ...(isSure && isBeyond(index, drawn) && { extrapolated: true }),
            ...(blank.includes(index) && { blank: true }),
          };
        }),
        iterations: 0,
        losses: [],
        seconds: { encode: 0, fit: 0, propagate: 0 },
        embeddingsFromCache: 0,
        ...(isSure && { expectedDice: 0.931 }),
        notSearched,
      },
    })),
  );
}

/** What the panel shows of it. */
export function stateOf(
  review: Review,
  sliceCount: number,
  drawn: readonly number[],
  change: Partial<ReviewMoment> = {},
): ReviewState {
  const drawnSlices = new Set(drawn);
  return reviewState(review, {
    series: { description: 'FSE PD AXIAL OBL', imageIds: Array(sliceCount).fill('') },
    seconds: 47.8,
    writing: false,
    learnedFrom: '',
    decideOn: null,
    previewShown: true,
    useAccepted: false,
    seen: new Set(),
    currentSlice: 9,
    sameSeries: true,
    shown: true,
    segments: [],
    drawn: () => drawnSlices,
    picture: ({ label }, slice) => picture(label === 'Head' ? 'head' : 'brain', slice),
    ...change,
  });
}

export function decided(review: Review, decision: Decision, ...slices: number[]): Review {
  return decide(
    review,
    review.structures.map(({ segmentIndex }) => segmentIndex),
    slices,
    decision,
  );
}
