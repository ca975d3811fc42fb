import type { Series } from '../viewer/series';
import type { CollectedSegment } from './collect';
import { foundOrder, lookOrder } from './lookOrder';
import {
  acceptedMasks,
  caveatOn,
  openSlices,
  outcomesOf,
  slicesToRefine,
  withGiven,
  type DrawnSlices,
  type FoundStructure,
  type Review,
} from './review';
import type {
  Obstacle,
  Preview,
  ReviewChoices,
  ReviewedStructure,
  ReviewState,
  SlicePicture,
} from './state';

/** Number of pictures of the next slices: one row. */
export const PREVIEWS = 3;

export const INITIAL_CHOICES: Required<ReviewChoices> = {
  decideOn: null,
  previewShown: true,
  useAccepted: false,
};

/** Viewer state and user choices at one moment of a review. */
export interface ReviewMoment extends Required<ReviewChoices> {
  series: Pick<Series, 'description' | 'imageIds'>;
  seconds: number;
  writing: boolean;
  /** Key of the outlines that the run learned from, see `learnedKey`. */
  learnedFrom: string;
  /** Slice in the active viewport, 0-based; null if it shows another series or plane. */
  currentSlice: number | null;
  /** Whether the active viewport shows the series of the review. */
  sameSeries: boolean;
  /** Whether, in addition, the segmentation of the review is the active one. */
  shown: boolean;
  segments: readonly Pick<
    CollectedSegment,
    'segmentIndex' | 'label' | 'locked' | 'inSet' | 'slices' | 'given'
  >[];
  drawn: DrawnSlices;
  /** Slices whose predictions were shown. */
  seen: ReadonlySet<number>;
  picture(structure: FoundStructure, slice: number): SlicePicture | null;
}

/** Key of the slices to learn from. Changes when slices are added, removed or redrawn. */
export function learnedKey(
  segments: readonly Pick<CollectedSegment, 'segmentIndex' | 'inSet' | 'slices'>[],
  segmentIndices: readonly number[],
): string {
  return segments
    .filter(({ segmentIndex }) => segmentIndices.includes(segmentIndex))
    .map(({ segmentIndex, inSet, slices }) =>
      [segmentIndex, ...inSet.map(index => `${index}-${slices.get(index)?.hash}`)].join(' '),
    )
    .join('; ');
}

/** The review as the panel shows it. */
export function reviewState(review: Review, moment: ReviewMoment): ReviewState {
  const { decideOn, previewShown, useAccepted, writing, seconds, drawn } = moment;
  const all = review.structures.map(({ segmentIndex }) => segmentIndex);
  const decidedOn = decideOn === null ? all : [decideOn];
  const accepted = new Set(
    review.structures.flatMap(structure => [
      ...acceptedMasks(review, structure, drawn(structure.segmentIndex)).keys(),
    ]),
  );
  const obstacle = elsewhere(moment);
  const toLookAt = lookOrder(review, decidedOn, drawn);
  return {
    structures: review.structures.map(structure => reviewed(review, structure, moment)),
    seconds,
    toLookAt,
    found: foundOrder(review, decidedOn, drawn),
    unseen: openSlices(review, all, drawn).filter(slice => !moment.seen.has(slice)),
    accepted: accepted.size,
    decideOn,
    previewShown,
    useAccepted,
    obstacle,
    finishObstacle: obstacle ?? locked(review, moment),
    editObstacle: obstacle ?? notEditable(review, moment, decidedOn),
    refineObstacle: obstacle ?? locked(review, moment) ?? nothingNew(review, moment, accepted.size),
    writing,
  };
}

function reviewed(
  review: Review,
  structure: FoundStructure,
  { series, drawn, picture, segments }: ReviewMoment,
): ReviewedStructure {
  const { segmentIndex, label, color, confidences, expectedDice } = structure;
  const sliceCount = series.imageIds.length;
  const given = segments.find(segment => segment.segmentIndex === segmentIndex)?.given ?? [];
  return {
    segmentIndex,
    label,
    color,
    outcomes: withGiven(outcomesOf(review, structure, drawn(segmentIndex), sliceCount), given),
    confidences: Array.from({ length: sliceCount }, (_, slice) => confidences.get(slice) ?? null),
    caveats: Array.from({ length: sliceCount }, (_, slice) => caveatOn(structure, slice)),
    ...(expectedDice !== undefined && { expectedDice }),
    previews: lookOrder(review, [segmentIndex], drawn)
      .slice(0, PREVIEWS)
      .flatMap((slice): Preview[] => {
        const item = picture(structure, slice);
        if (!item) return [];
        const caveat = caveatOn(structure, slice);
        return [{ ...item, confidence: confidences.get(slice), ...(caveat && { caveat }) }];
      }),
  };
}

function elsewhere({ sameSeries, shown, series }: ReviewMoment): Obstacle | null {
  if (!sameSeries) {
    return {
      message: 'The viewport shows a series that is not under review.',
      remedy: `To go on, show “${series.description || 'the series'}” in it.`,
    };
  }
  if (shown) return null;
  return {
    message: 'The active segmentation is not the one under review.',
    remedy: 'To go on, activate the other one in the segmentation panel.',
  };
}

function locked(review: Review, { segments }: ReviewMoment): Obstacle | null {
  const segment = segments.find(
    candidate =>
      candidate.locked &&
      review.structures.some(({ segmentIndex }) => segmentIndex === candidate.segmentIndex),
  );
  if (!segment) return null;
  return {
    message: `${segment.label} is locked.`,
    remedy: 'Unlock it in the segment list; your decisions are kept.',
  };
}

function notEditable(
  review: Review,
  moment: ReviewMoment,
  decidedOn: readonly number[],
): Obstacle | null {
  const { currentSlice, drawn } = moment;
  const structures = review.structures.filter(
    ({ segmentIndex, masks }) =>
      decidedOn.includes(segmentIndex) && currentSlice !== null && masks.has(currentSlice),
  );
  if (structures.length === 0) {
    return {
      message: 'Nothing was found on this slice.',
      remedy: 'Outline the structure here with the brush, or go to a segmented slice.',
    };
  }
  if (structures.every(({ segmentIndex }) => drawn(segmentIndex).has(currentSlice!))) {
    return {
      message: 'You outlined this slice.',
      remedy: 'Continue with the brush; Refine learns from it.',
    };
  }
  return locked(review, moment);
}

function nothingNew(review: Review, moment: ReviewMoment, accepted: number): Obstacle | null {
  const { segments, drawn, learnedFrom, useAccepted } = moment;
  const indices = review.structures.map(({ segmentIndex }) => segmentIndex);
  const few = segments.find(
    ({ segmentIndex, inSet }) => indices.includes(segmentIndex) && inSet.length < 2,
  );
  if (few) {
    return {
      message: `Fewer than 2 outlined slices of ${few.label} are used.`,
      remedy: 'Outline another slice.',
    };
  }
  if (
    review.structures.every(
      found => !slicesToRefine(review, found, drawn(found.segmentIndex)).length,
    )
  ) {
    return {
      message: 'Every slice is accepted or outlined.',
      remedy: 'Finish, or take a decision back.',
    };
  }
  const changed = learnedKey(segments, indices) !== learnedFrom;
  if (changed || (useAccepted && accepted > 0)) return null;
  return {
    message: 'There is nothing new to learn from.',
    remedy: 'Edit a slice and correct it, or outline another.',
  };
}
