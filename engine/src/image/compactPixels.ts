import type { Pixels } from './slice';

/**
 * Stores values in half the memory where that loses nothing: whole numbers from -32768 to 32767, or from 0
 * to 65535.
 *
 * @returns a new array, or `values` itself when they do not fit
 */
export function compactPixels(values: Float32Array): Pixels {
  let [lowest, highest] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    // NaN does not fit either.
    if (!Number.isInteger(value) || Object.is(value, -0)) return values;
    if (value < lowest) lowest = value;
    if (value > highest) highest = value;
  }
  if (lowest >= -0x8000 && highest <= 0x7fff) return Int16Array.from(values);
  if (lowest >= 0 && highest <= 0xffff) return Uint16Array.from(values);
  return values;
}
