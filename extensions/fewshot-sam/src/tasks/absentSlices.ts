/** Slices of a finished review on which nothing was found that a task learns from: more gain little. */
const MOST_REVIEWED = 5;

/**
 * Slices of which it is known that a structure is not there: all that the user marked, and some of those on
 * which a review that was finished found nothing, spread over the series.
 *
 * @param reviewed slices on which nothing was found, and nothing is, ascending
 */
export function absentSlices(marked: readonly number[], reviewed: readonly number[]): number[] {
  const others = reviewed.filter(index => !marked.includes(index));
  const count = Math.min(Math.max(0, MOST_REVIEWED - marked.length), others.length);
  const spread = Array.from(
    { length: count },
    (_, i) => others[count === 1 ? 0 : Math.round((i * (others.length - 1)) / (count - 1))],
  );
  return [...marked, ...spread].sort((a, b) => a - b);
}
