import { decodeRunLength, encodeRunLength } from './runLength';

const bytes = (...values: number[]) => Uint8Array.from(values);

describe('RLE Lossless', () => {
  it('packs runs, and what is between them, row by row', () => {
    const frame = bytes(7, 7, 7, 7, 1, 2, 3, 3);
    const encoded = encodeRunLength(frame, 4, 1);
    expect([...encoded.subarray(0, 8)]).toEqual([1, 0, 0, 0, 64, 0, 0, 0]);
    // A run of 4; two single values; a run of 2; filled to an even number of bytes.
    expect([...encoded.subarray(64)]).toEqual([253, 7, 1, 1, 2, 255, 3, 0]);
    expect(decodeRunLength(encoded, 8, 1)).toEqual(frame);
  });

  it('puts the high bytes of 16-bit pixels first', () => {
    const frame = bytes(1, 2, 1, 2, 1, 2);
    const encoded = encodeRunLength(frame, 3, 2);
    expect([...encoded.subarray(64)]).toEqual([254, 2, 254, 1]);
    expect(decodeRunLength(encoded, 3, 2)).toEqual(frame);
  });

  it('splits what is longer than a code can say', () => {
    const long = Uint8Array.from({ length: 600 }, (_, i) => (i < 300 ? 5 : i % 251));
    expect(decodeRunLength(encodeRunLength(long, 600, 1), 600, 1)).toEqual(long);
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['no header', bytes(1, 2), /0 byte planes instead of 1/],
    ['too few pixels', encodeRunLength(bytes(1, 2, 3), 3, 1), /cut off/],
    ['two planes', encodeRunLength(bytes(1, 2, 3, 4), 2, 2), /2 byte planes instead of 1/],
    ['an offset beyond the end', encodeRunLength(bytes(9), 1, 1).fill(255, 4, 8), /damaged/],
    [
      'a literal that ends early',
      encodeRunLength(bytes(1, 2, 3, 4), 4, 1).subarray(0, 67),
      /cut off/,
    ],
  ])('refuses %s', (_, encoded, message) => {
    expect(() => decodeRunLength(encoded, 4, 1)).toThrow(message);
  });
});
