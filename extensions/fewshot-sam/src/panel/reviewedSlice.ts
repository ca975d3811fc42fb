import type { Caveat, Obstacle, ReviewState, SliceOutcome } from '../session/state';
import { CAVEAT_WORDS, REVIEW_WORDS } from './sliceStates';
import { diceWords, sliceNumber } from './words';

const DECIDABLE: SliceOutcome[] = ['predicted', 'accepted', 'rejected'];

/** The structures to decide on. */
export function decidedOn({ structures, decideOn }: ReviewState): ReviewState['structures'] {
  return structures.filter(({ segmentIndex }) => decideOn === null || segmentIndex === decideOn);
}

/** Up to this many structures are named one by one. More are counted, or offered in a drop-down list. */
export const MOST_NAMED = 3;

/**
 * Describes the slice shown: "Slice 12: segmented, to decide, expected Dice 0.72". Adds the name of each of
 * two or three structures; counts more: "Slice 12: 18 segmented, to decide, lowest expected Dice 0.72
 * (Aorta); 2 outlined by you".
 */
export function sliceWords(review: ReviewState, currentSlice: number | null): string {
  if (currentSlice === null) return 'The viewport shows no slice of this series.';
  const found = decidedOn(review).map(({ label, outcomes, confidences, caveats }): Found => {
    const outcome = outcomes[currentSlice];
    // An outlined slice overrides what was found there.
    const isFound = outcome !== 'drawn' && outcome !== 'given';
    return {
      ...{ label, outcome },
      confidence: isFound ? confidences[currentSlice] : null,
      caveat: isFound ? caveats[currentSlice] : null,
    };
  });
  const words =
    found.length > MOST_NAMED
      ? countedWords(found)
      : found.map(({ label, outcome, confidence, caveat }) => {
          const name = found.length > 1 ? `${label} ` : '';
          const but = caveat === null ? '' : `, ${CAVEAT_WORDS[caveat]}`;
          const sure = confidence === null ? '' : `, expected Dice ${diceWords(confidence)}`;
          return `${name}${REVIEW_WORDS[outcome]}${but}${sure}`;
        });
  return `Slice ${sliceNumber(currentSlice)}: ${words.join('; ')}`;
}

interface Found {
  label: string;
  outcome: SliceOutcome;
  confidence: number | null;
  caveat: Caveat | null;
}

function countedWords(found: readonly Found[]): string[] {
  return [...new Set(found.map(({ outcome }) => outcome))].map(outcome => {
    const alike = found.filter(one => one.outcome === outcome);
    const [least] = alike
      .flatMap(({ label, confidence }) => (confidence === null ? [] : [{ label, confidence }]))
      .sort((a, b) => a.confidence - b.confidence);
    const sure = least
      ? `, lowest expected Dice ${diceWords(least.confidence)} (${least.label})`
      : '';
    const beyond = alike.filter(({ caveat }) => caveat === 'extrapolated').length;
    const but = beyond ? `, ${beyond} ${CAVEAT_WORDS.extrapolated}` : '';
    return `${alike.length} ${REVIEW_WORDS[outcome]}${but}${sure}`;
  });
}

/** Why the slice shown cannot be accepted or rejected; null if it can. */
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

/** Whether there is a decision on the slice shown, which can be taken back. */
export function isDecided(review: ReviewState, currentSlice: number | null): boolean {
  return (
    currentSlice !== null &&
    decidedOn(review).some(({ outcomes }) =>
      ['accepted', 'rejected'].includes(outcomes[currentSlice]),
    )
  );
}

/** The decision that all given structures found on a slice share; null while one of them is open. */
export function decisionOnSlice(
  structures: ReviewState['structures'],
  slice: number,
): 'accepted' | 'rejected' | null {
  const found = structures.map(({ outcomes }) => outcomes[slice]);
  if (found.includes('predicted')) return null;
  if (found.includes('accepted')) return 'accepted';
  return found.includes('rejected') ? 'rejected' : null;
}

/**
 * The one button to stand out: Accept on a slice that needs a look, the way to the next one elsewhere, and
 * Finish once every slice is decided.
 */
export function primaryAction(
  review: ReviewState,
  currentSlice: number | null,
): 'accept' | 'next' | 'finish' {
  if (review.toLookAt.length === 0) return 'finish';
  const isOpen = currentSlice !== null && review.toLookAt.includes(currentSlice);
  return isOpen ? 'accept' : 'next';
}

/** Number of open slices with this caveat. */
export function openWithCaveat({ structures, toLookAt }: ReviewState, caveat: Caveat): number {
  return toLookAt.filter(slice =>
    structures.some(
      ({ outcomes, caveats }) => outcomes[slice] === 'predicted' && caveats[slice] === caveat,
    ),
  ).length;
}
