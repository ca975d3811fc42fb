/** Values without the zeros before the first and after the last other value. */
export interface Trimmed<T extends Uint8Array | Uint16Array> {
  /** Where the first of them stood. */
  start: number;
  values: T;
}

/** @returns a copy: nothing holds the memory of `values` */
export function trimmed<T extends Uint8Array | Uint16Array>(values: T): Trimmed<T> {
  let start = 0;
  let end = values.length;
  while (start < end && values[start] === 0) start++;
  while (end > start && values[end - 1] === 0) end--;
  return { start, values: values.slice(start, end) as T };
}

/**
 * Puts them back.
 *
 * @param into zeros, as long as the values were
 * @param value of each as it shall be
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
