import type { Caveat, SegmentSummary, SessionSnapshot, SliceOutcome } from '../session/state';

/** State of a cell of the slice strip; `open` is a slice without the structure that can be segmented. */
export type SliceState = SliceOutcome | 'open' | 'absent';

export const STATE_WORDS: Record<SliceState, string> = {
  drawn: 'outlined by you',
  given: 'segmented already',
  predicted: 'segmented',
  accepted: 'accepted',
  rejected: 'rejected',
  absent: 'not there, you said',
  empty: 'structure not found',
  'not-searched': 'too far from your outlines',
  'outside-range': 'outside the range',
  open: 'to segment',
};

/** Words in a review, where segmented slices await a decision. */
export const REVIEW_WORDS: Record<SliceState, string> = {
  ...STATE_WORDS,
  predicted: 'segmented, to decide',
};

export const CAVEAT_WORDS: Record<Caveat, string> = {
  extrapolated: 'beyond your outlines',
  'no-promise': 'no promise',
};

/** Shorter words for the legend. */
export const LEGEND_WORDS: Record<SliceState, string> = {
  ...STATE_WORDS,
  predicted: 'segmented',
  absent: 'not there',
  empty: 'not found',
  'not-searched': 'too far away',
  'outside-range': 'outside range',
};

/** Shorter words for the legend. */
export const LEGEND_CAVEATS: Record<Caveat, string> = {
  extrapolated: 'beyond outlines',
  'no-promise': 'no promise',
};

/** Order of the legend. */
export const STATES: SliceState[] = [
  'drawn',
  'given',
  'predicted',
  'accepted',
  'rejected',
  'absent',
  'empty',
  'not-searched',
  'open',
  'outside-range',
];

export function activeSegment(snapshot: SessionSnapshot): SegmentSummary | null {
  return snapshot.segments.find(segment => segment.active) ?? null;
}

/**
 * State of every slice for the active structure before a run.
 *
 * @param drawn 0-based indices of the slices a person outlined
 * @param labeled 0-based indices of all slices that contain the structure
 * @param range first and last slice to segment, 0-based, inclusive
 * @param kept outcomes of the last finished review: they tell "not found" from "not tried"
 * @param absent 0-based indices of the slices of which a person said that it is not there
 */
export function collectingStates(
  sliceCount: number,
  drawn: number[],
  labeled: number[],
  range: { from: number; to: number },
  kept: SliceOutcome[] = [],
  absent: readonly number[] = [],
): SliceState[] {
  const states = Array.from({ length: sliceCount }, (_, index): SliceState => {
    if (index < range.from || index > range.to) return 'outside-range';
    return kept[index] === 'empty' ? 'empty' : 'open';
  });
  for (const index of absent) states[index] = 'absent';
  for (const index of labeled) states[index] = 'predicted';
  for (const index of drawn) states[index] = 'drawn';
  return states;
}

/** Title of the outlined slices, which tells what a person drew from what was there. */
export function outlinedTitle(outlined: readonly number[], given: readonly number[]): string {
  const count = outlined.filter(index => given.includes(index)).length;
  if (count === 0) return 'Slices you outlined';
  return count === outlined.length ? 'Slices segmented already' : 'Outlined or segmented already';
}

/**
 * The segmented slices that no outline bounds: below the first that a person outlined, or above the last.
 *
 * @param states see `collectingStates`
 */
export function collectingCaveats(states: readonly SliceState[]): (Caveat | null)[] {
  const first = states.indexOf('drawn');
  const last = states.lastIndexOf('drawn');
  return states.map((state, i) =>
    state === 'predicted' && first >= 0 && (i < first || i > last) ? 'extrapolated' : null,
  );
}

/** Number of slices with a caveat, among those in some states. */
export function countCaveats(
  caveats: readonly (Caveat | null)[],
  states: readonly SliceState[],
  caveat: Caveat,
  among: readonly SliceState[] = ['predicted', 'accepted', 'rejected'],
): number {
  return states.filter((state, i) => among.includes(state) && caveats[i] === caveat).length;
}

/** Number of slices in each state that occurs. */
export function countStates(states: SliceState[]): Map<SliceState, number> {
  const counts = new Map<SliceState, number>();
  for (const state of STATES) {
    const count = states.filter(candidate => candidate === state).length;
    if (count > 0) counts.set(state, count);
  }
  return counts;
}
