/** Values without their leading and trailing zeros. */
export interface Trimmed<T extends Uint8Array | Uint16Array> {
  /** Index of the first value in the original array. */
  start: number;
  values: T;
}

/** Drops leading and trailing zeros. @returns a copy, so the memory of `values` can be freed */
export function trimmed<T extends Uint8Array | Uint16Array>(values: T): Trimmed<T> {
  let start = 0;
  let end = values.length;
  while (start < end && values[start] === 0) start++;
  while (end > start && values[end - 1] === 0) end--;
  return { start, values: values.slice(start, end) as T };
}

/**
 * Restores trimmed values.
 *
 * @param into zeros, of the original length
 * @param value converts each kept value
 * @returns `into`
 */
export function untrimmed(
  { start, values }: Trimmed<Uint8Array | Uint16Array>,
  into: Float32Array,
  value: (kept: number) => number,
): Float32Array {
  for (let i = 0; i < values.length; i++) into[start + i] = value(values[i]);
  return into;
}
