/** Largest difference that is put down to the order of float32 sums, relative to the largest value. */
const TOLERANCE = 1e-3;

/** Deterministic values in -1..1. */
export function testValues(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
}

/**
 * @param what was computed, for people
 * @throws Error when a value is not as expected, or not a number; or when nothing but zero is expected,
 *   which proves nothing
 */
export function compare(
  actual: Float32Array,
  expected: Float32Array | Float64Array,
  what: string,
): void {
  let largest = 0;
  for (const value of expected) largest = Math.max(largest, Math.abs(value));
  const isClose = expected.every((value, i) => Math.abs(actual[i] - value) <= TOLERANCE * largest);
  if (!isClose || largest === 0) throw new Error(`it computes ${what} wrongly`);
}
