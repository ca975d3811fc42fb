import type { SegmentSummary, SessionSnapshot, SliceOutcome } from '../session/state';

/** What a cell of the slice strip says; `open` is a slice that carries nothing yet. */
export type SliceState = SliceOutcome | 'open';

export const STATE_WORDS: Record<SliceState, string> = {
  drawn: 'outlined by you',
  predicted: 'segmented',
  accepted: 'accepted',
  rejected: 'rejected',
  empty: 'structure not found',
  'not-searched': 'too far from your outlines',
  'outside-range': 'outside the range',
  open: 'to segment',
};

/** In a review, segmented slices wait for the user. */
export const REVIEW_WORDS: Record<SliceState, string> = {
  ...STATE_WORDS,
  predicted: 'segmented, to decide',
};

/** How sure a slice came out, in steps that a colour can tell: 0 unsure, 2 sure. */
export function sureness(confidence: number): 0 | 1 | 2 {
  if (confidence < 0.75) return 0;
  return confidence < 0.88 ? 1 : 2;
}

/** The same for the legend, where the context is clear and the room short. */
export const LEGEND_WORDS: Record<SliceState, string> = {
  ...STATE_WORDS,
  predicted: 'segmented',
  empty: 'not found',
  'not-searched': 'too far away',
  'outside-range': 'outside range',
};

/** The order of the legend. */
export const STATES: SliceState[] = [
  'drawn',
  'predicted',
  'accepted',
  'rejected',
  'empty',
  'not-searched',
  'open',
  'outside-range',
];

export function activeSegment(snapshot: SessionSnapshot): SegmentSummary | null {
  return snapshot.segments.find(segment => segment.active) ?? null;
}

/**
 * What every slice holds for the active structure before a run, one entry per slice.
 *
 * @param drawn 0-based indices of the slices a person outlined
 * @param labelled 0-based indices of all slices that carry the structure
 * @param range first and last slice to segment, 0-based, inclusive
 * @param kept what the last run left, when it was kept: it tells "not found" from "not tried"
 */
export function collectingStates(
  sliceCount: number,
  drawn: number[],
  labelled: number[],
  range: { from: number; to: number },
  kept: SliceOutcome[] = [],
): SliceState[] {
  const states = Array.from({ length: sliceCount }, (_, index): SliceState => {
    if (index < range.from || index > range.to) return 'outside-range';
    return kept[index] === 'empty' ? 'empty' : 'open';
  });
  for (const index of labelled) states[index] = 'predicted';
  for (const index of drawn) states[index] = 'drawn';
  return states;
}

/** How many slices hold each state, without the states that do not occur. */
export function countStates(states: SliceState[]): Map<SliceState, number> {
  const counts = new Map<SliceState, number>();
  for (const state of STATES) {
    const count = states.filter(candidate => candidate === state).length;
    if (count > 0) counts.set(state, count);
  }
  return counts;
}
