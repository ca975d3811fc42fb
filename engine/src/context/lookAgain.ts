import { matchSlices, type MatchSlices } from './matchSlices';
import type { TokenGrid } from './tokenGrid';
import type { TokenLabels } from './tokenLabels';
import { sharesOf, sumVotes, type LabelledVotes } from './walk';

/** What the slice right beside counts, where a labelled slice at distance 1 counts 1. */
const BESIDE_WEIGHT = 2;

export interface LookAgainParts {
  /** What the labelled slices said about each slice, kept from the walk. */
  labelledVotes: ReadonlyMap<number, LabelledVotes>;
  /** Labels of a slice as it was segmented. */
  segmented(index: number): TokenLabels;
  /** By default in plain JavaScript. */
  match?: MatchSlices;
  /** Called before each slice; may throw to stop. */
  onSlice?(): void | Promise<void>;
}

/**
 * Matches the slices of a gap again, each with the slices on both sides of it as they were segmented. A
 * walk passes on what matching alone found; here outlines and grey values have had their say, and each
 * slice hears from both sides at once.
 *
 * @param gridOf tokens of a slice of the gap, asked for in order
 * @param gap indices of slices between the same labelled ones, ascending
 * @returns foreground shares of each slice
 */
export async function lookAgain(
  gridOf: (index: number) => TokenGrid | Promise<TokenGrid>,
  gap: readonly number[],
  { labelledVotes, segmented, match = matchSlices, onSlice }: LookAgainParts,
): Promise<Map<number, TokenLabels>> {
  const again = new Map<number, TokenLabels>();
  for (const [i, index] of gap.entries()) {
    await onSlice?.();
    const { active, ...fixed } = labelledVotes.get(index)!;
    const votes = [{ ...fixed, factor: 1 }];
    for (const beside of gap.slice(Math.max(0, i - 1), i + 2)) {
      if (beside === index) continue;
      const apart = Math.abs(index - beside);
      const [grid, other] = [await gridOf(index), await gridOf(beside)];
      votes.push({
        ...match(grid, other, segmented(beside), apart, active),
        factor: BESIDE_WEIGHT / apart,
      });
    }
    again.set(index, sharesOf(sumVotes(votes)));
  }
  return again;
}
