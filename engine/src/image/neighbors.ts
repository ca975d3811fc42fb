/** The labeled slices on both sides of a slice, and where it lies between them. */
export interface Neighbors {
  /** Index of the nearest labeled slice below, or null beyond the first one. */
  below: number | null;
  /** Index of the nearest labeled slice above, or null beyond the last one. */
  above: number | null;
}

/** @param labeled indices of the labeled slices, in any order */
export function neighbors(index: number, labeled: Iterable<number>): Neighbors {
  const result: Neighbors = { below: null, above: null };
  for (const other of labeled) {
    if (other <= index && (result.below === null || other > result.below)) result.below = other;
    if (other >= index && (result.above === null || other < result.above)) result.above = other;
  }
  return result;
}
