import { matchSlices, type MatchSlices } from './matchSlices';
import type { TokenGrid } from './tokenGrid';
import type { TokenLabels } from './tokenLabels';
import { foregroundFractions, sumVotes, type LabeledVotes } from './walk';

/** Weight of the adjacent slice; a labeled slice at distance 1 has weight 1. */
const BESIDE_WEIGHT = 2;

export interface RematchParts {
  /** Votes of the labeled slices for each slice, kept from the walk. */
  labeledVotes: ReadonlyMap<number, LabeledVotes>;
  /** Returns the labels of a slice as it was segmented. */
  segmented(index: number): TokenLabels;
  /** Plain JavaScript by default. */
  match?: MatchSlices;
  /** Called before each slice; may throw to stop. */
  onSlice?(): void | Promise<void>;
}

/**
 * Matches the slices of a gap again, each with the segmented slices on both sides of it. A walk passes on
 * the result of matching alone; this one also uses outlines and gray values, and both sides at once.
 *
 * @param gridOf returns the tokens of a slice of the gap; called in order
 * @param gap indices of slices between the same labeled ones, ascending
 * @returns foreground fractions of each slice
 */
export async function rematch(
  gridOf: (index: number) => TokenGrid | Promise<TokenGrid>,
  gap: readonly number[],
  { labeledVotes, segmented, match = matchSlices, onSlice }: RematchParts,
): Promise<Map<number, TokenLabels>> {
  const again = new Map<number, TokenLabels>();
  for (const [i, index] of gap.entries()) {
    await onSlice?.();
    const { active, ...fixed } = labeledVotes.get(index)!;
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
    again.set(index, foregroundFractions(sumVotes(votes)));
  }
  return again;
}
