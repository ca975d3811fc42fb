/** A slice range typed by a person, or why it is invalid. */
export type TypedRange = { from: number; to: number } | { problem: string };

/**
 * Parses a typed slice range.
 *
 * @param from first slice, 1-based, as typed
 * @param to last slice, 1-based, as typed
 * @returns 0-based inclusive indices, or the problem in the user's words
 */
export function typedRange(from: string, to: string, sliceCount: number): TypedRange {
  const first = Number(from);
  const last = Number(to);
  const fits = (slice: number, text: string) =>
    text.trim() !== '' && Number.isInteger(slice) && slice >= 1 && slice <= sliceCount;
  if (!fits(first, from) || !fits(last, to)) {
    return { problem: `Slices are numbered 1 to ${sliceCount}.` };
  }
  if (first > last) return { problem: 'The first slice comes after the last one.' };
  return { from: first - 1, to: last - 1 };
}
