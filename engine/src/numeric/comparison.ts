/** Largest difference that the order of float32 sums explains, relative to the largest value. */
const TOLERANCE = 1e-3;

/** Deterministic values in -1..1. */
export function testValues(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin((i + 1) * 12.9898 + seed * 78.233));
}

/**
 * Checks computed values against a reference.
 *
 * @param what names the computation in the error
 * @throws Error when a value differs or is NaN, or when every expected value is zero, which would prove
 *   nothing
 */
export function compare(
  actual: Float32Array,
  expected: Float32Array | Float64Array,
  what: string,
): void {
  let largest = 0;
  for (const value of expected) largest = Math.max(largest, Math.abs(value));
  const isClose = expected.every((value, i) => Math.abs(actual[i] - value) <= TOLERANCE * largest);
  if (!isClose || largest === 0) throw new Error(`wrong results for ${what}`);
}
