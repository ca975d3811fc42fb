import type { Obstacle, ReviewState, SliceOutcome } from '../session/state';
import { REVIEW_WORDS } from './sliceStates';
import { diceWords, sliceNumber } from './words';

const DECIDABLE: SliceOutcome[] = ['predicted', 'accepted', 'rejected'];

/** The structures that decisions are about. */
export function decidedOn({ structures, decideOn }: ReviewState): ReviewState['structures'] {
  return structures.filter(({ segmentIndex }) => decideOn === null || segmentIndex === decideOn);
}

/** What the slice shown holds: "Slice 12: segmented, to decide, expected Dice 0.72". */
export function sliceWords(review: ReviewState, currentSlice: number | null): string {
  if (currentSlice === null) return 'The viewport shows no slice of this series.';
  const structures = decidedOn(review);
  const words = structures.map(({ label, outcomes, confidences }) => {
    const outcome = outcomes[currentSlice];
    // What was found there before somebody outlined it is no matter any more.
    const confidence = outcome === 'drawn' ? null : confidences[currentSlice];
    const name = structures.length > 1 ? `${label} ` : '';
    const sure = confidence === null ? '' : `, expected Dice ${diceWords(confidence)}`;
    return `${name}${REVIEW_WORDS[outcome]}${sure}`;
  });
  return `Slice ${sliceNumber(currentSlice)}: ${words.join('; ')}`;
}

/** Why the slice shown cannot be accepted or rejected; null when it can. */
export function decideObstacle(review: ReviewState, currentSlice: number | null): Obstacle | null {
  if (review.obstacle) return review.obstacle;
  if (review.writing) {
    return { message: 'The accepted slices are being written.', remedy: 'Wait a moment.' };
  }
  if (!review.previewShown) {
    return { message: 'The predictions are hidden.', remedy: 'Show them first (T).' };
  }
  const decidable =
    currentSlice !== null &&
    decidedOn(review).some(({ outcomes }) => DECIDABLE.includes(outcomes[currentSlice]));
  if (decidable) return null;
  return {
    message: 'There is nothing to decide on this slice.',
    remedy: 'Go to the next one that needs a look (right arrow).',
  };
}

/** Whether something was decided about the slice shown, which can be taken back. */
export function isDecided(review: ReviewState, currentSlice: number | null): boolean {
  return (
    currentSlice !== null &&
    decidedOn(review).some(({ outcomes }) =>
      ['accepted', 'rejected'].includes(outcomes[currentSlice]),
    )
  );
}
