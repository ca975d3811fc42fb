/**
 * Half precision: IEEE 754 binary16, one sign bit, 5 bits of exponent, 10 of fraction. A value is
 * kept as its 16 bits in a `Uint16Array`, because not every browser has a `Float16Array`.
 */

const SIGN = 0x8000;
const SMALLEST_NORMAL = 0x0400;
const INFINITE = 0x7c00;
const NOT_A_NUMBER = 0x7e00;

/** The value of the bits 1; each subnormal is a multiple of it. */
const SMALLEST = 2 ** -24;

/** Fraction bits of a float32 that a float16 drops. */
const DROPPED_BITS = 13;
/** The bits of float32 from which a float16 is infinite (2^16) or not a number. */
const FLOAT32_TOO_LARGE = 0x47800000;
const FLOAT32_INFINITE = 0x7f800000;
/** The bits of 2^-14 as float32: smaller values are subnormal as float16. */
const FLOAT32_SMALLEST_NORMAL = 0x38800000;
/** The exponent biases differ: 127 and 15. */
const EXPONENT_SHIFT = (127 - 15) << 23;

/** Adding 0.5 to a value below 2^-14 rounds it to a multiple of 2^-24, the step of subnormals. */
const ROUNDS_SUBNORMALS = 0.5;
const ROUNDS_SUBNORMALS_BITS = 0x3f000000;

/**
 * Rounds to the nearest float16, halfway cases to even; 65520 and above become Infinity.
 *
 * @param values of any range; NaN stays NaN
 * @returns the 16 bits of each value
 */
export function toFloat16(values: Float32Array): Uint16Array {
  const source = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const result = new Uint16Array(values.length);
  const sum = new Float32Array(1);
  const sumBits = new Uint32Array(sum.buffer);
  for (let i = 0; i < source.length; i++) {
    const bits = source[i];
    const sign = (bits >>> 16) & SIGN;
    const size = bits & 0x7fffffff;
    if (size >= FLOAT32_TOO_LARGE) {
      result[i] = sign | (size > FLOAT32_INFINITE ? NOT_A_NUMBER : INFINITE);
    } else if (size >= FLOAT32_SMALLEST_NORMAL) {
      // Just under half of the last bit, and the other bit of it if the last bit is odd. A carry goes into
      // the exponent and gives the next power of two, or Infinity.
      const isOdd = (size >>> DROPPED_BITS) & 1;
      result[i] = sign | ((size - EXPONENT_SHIFT + 0xfff + isOdd) >>> DROPPED_BITS);
    } else {
      sum[0] = Math.abs(values[i]) + ROUNDS_SUBNORMALS;
      result[i] = sign | (sumBits[0] - ROUNDS_SUBNORMALS_BITS);
    }
  }
  return result;
}

/** The value of every 16-bit pattern, 256 KB: a lookup is several times faster than computing. */
let table: Float32Array | null = null;

/**
 * Converts float16 bits to float32, which is exact.
 *
 * @param halves bits of float16 values
 * @param into receives the values; a new array by default
 */
export function fromFloat16(
  halves: Uint16Array,
  into: Float32Array = new Float32Array(halves.length),
): Float32Array {
  table ??= everyFloat16();
  for (let i = 0; i < halves.length; i++) into[i] = table[halves[i]];
  return into;
}

function everyFloat16(): Float32Array {
  const result = new Float32Array(0x10000);
  const bits = new Uint32Array(result.buffer);
  for (let half = 0; half < result.length; half++) {
    const size = half & 0x7fff;
    const sign = (half & SIGN) << 16;
    if (size >= SMALLEST_NORMAL && size < INFINITE) {
      bits[half] = sign | ((size << DROPPED_BITS) + EXPONENT_SHIFT);
    } else if (size < SMALLEST_NORMAL) {
      result[half] = (sign ? -size : size) * SMALLEST;
    } else {
      bits[half] = sign | FLOAT32_INFINITE | ((size - INFINITE) << DROPPED_BITS);
    }
  }
  return result;
}
