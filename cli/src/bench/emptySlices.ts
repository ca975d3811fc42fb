/**
 * Chooses slices without a structure, spread over the study. They are no neighbors of a slice that shows it: where
 * exactly a structure ends is a matter of taste.
 *
 * @param shows whether each slice shows the structure
 * @param count fewer where the study has not as many
 * @returns ascending slice indices
 */
export function emptySlices(shows: readonly boolean[], count: number): number[] {
  const free = shows.flatMap((_, i) =>
    shows.slice(Math.max(0, i - 1), i + 2).some(Boolean) ? [] : [i],
  );
  const chosen = Math.min(count, free.length);
  return Array.from(
    { length: chosen },
    (_, i) => free[chosen === 1 ? 0 : Math.round((i * (free.length - 1)) / (chosen - 1))],
  );
}
