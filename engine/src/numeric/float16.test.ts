import { fromFloat16, toFloat16 } from './float16';

const bitsOf = (...values: number[]) => [...toFloat16(Float32Array.from(values))];
const valueOf = (bits: number) => fromFloat16(Uint16Array.of(bits))[0];

/** Every pattern that is a finite value of 0 or more, ascending: as whole numbers they are in order. */
const FINITE = Array.from({ length: 0x7c00 }, (_, bits) => bits);

/** The next float32 away from zero, or toward it. */
function neighbor(value: number, step: 1 | -1): number {
  const values = Float32Array.of(value);
  new Uint32Array(values.buffer)[0] += step;
  return values[0];
}

describe('float16', () => {
  // https://en.wikipedia.org/wiki/Half-precision_floating-point_format, "Half precision examples"
  it.each([
    ['0', 0, 0x0000],
    ['the smallest subnormal', 2 ** -24, 0x0001],
    ['the largest subnormal', 2 ** -14 * (1023 / 1024), 0x03ff],
    ['the smallest normal', 2 ** -14, 0x0400],
    ['the nearest to 1/3', 0.333251953125, 0x3555],
    ['the largest below 1', 1 - 2 ** -11, 0x3bff],
    ['1', 1, 0x3c00],
    ['the smallest above 1', 1 + 2 ** -10, 0x3c01],
    ['the largest', 65504, 0x7bff],
    ['Infinity', Infinity, 0x7c00],
    ['-0', -0, 0x8000],
    ['-2', -2, 0xc000],
    ['-Infinity', -Infinity, 0xfc00],
  ])('knows %s, both ways', (_, value, bits) => {
    expect(bitsOf(value)).toEqual([bits]);
    expect(valueOf(bits)).toBe(value);
  });

  it('gives back each of the 65536 patterns; those of NaN as NaN', () => {
    const all = Uint16Array.from({ length: 2 ** 16 }, (_, bits) => bits);
    const values = fromFloat16(all);
    const back = toFloat16(values);
    const isNaNPattern = (bits: number) => (bits & 0x7fff) > 0x7c00;
    const wrong = all.filter(bits =>
      isNaNPattern(bits)
        ? !Number.isNaN(values[bits]) || !isNaNPattern(back[bits])
        : back[bits] !== bits,
    );
    expect([...wrong]).toEqual([]);
    // The values ascend, so no two patterns are mixed up.
    expect(FINITE.every(bits => bits === 0 || values[bits] > values[bits - 1])).toBe(true);
  });

  it('rounds halfway between any two neighbors to the even one, all else to the nearer', () => {
    const wrong = FINITE.filter(lower => {
      const upper = lower + 1;
      // Beyond the largest value, Infinity stands for the next one there would be.
      const above = upper === 0x7c00 ? 2 ** 16 : valueOf(upper);
      const halfway = (valueOf(lower) + above) / 2;
      const even = lower % 2 === 0 ? lower : upper;
      const rounded = bitsOf(neighbor(halfway, -1), halfway, neighbor(halfway, 1), -halfway);
      return rounded.join() !== [lower, even, upper, even | 0x8000].join();
    });
    expect(wrong).toEqual([]);
  });

  it('makes nothing of what is too small, and Infinity of what is too large', () => {
    expect(bitsOf(1e-30, -1e-30, 2 ** -149)).toEqual([0, 0x8000, 0]);
    expect(bitsOf(65519, 65520, 1e30, -1e30)).toEqual([0x7bff, 0x7c00, 0x7c00, 0xfc00]);
  });

  it('reads only the view of a larger array', () => {
    const values = Float32Array.of(9, 1, -2, 9);
    expect([...toFloat16(values.subarray(1, 3))]).toEqual([0x3c00, 0xc000]);
    expect(values).toEqual(Float32Array.of(9, 1, -2, 9));
  });
});
