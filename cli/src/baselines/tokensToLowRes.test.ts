import { tokensToLowRes } from './tokensToLowRes';

/** [64, 64] values of the tokens, by row and column. */
const tokens = (value: (row: number, column: number) => number) =>
  Float32Array.from({ length: 64 * 64 }, (_, i) => value(Math.floor(i / 64), i % 64));

const WHOLE = { height: 1024, width: 1024 };

describe('tokensToLowRes', () => {
  it('keeps a ramp a ramp, at the same place', () => {
    // A token's value is that of its center: column + 0.5 tokens, or 4 column + 2 pixels.
    const lowRes = tokensToLowRes(
      tokens((_, column) => column + 0.5),
      WHOLE,
    );
    expect(lowRes.length).toBe(256 * 256);
    for (const pixel of [2, 3, 100, 101, 253]) {
      expect(lowRes[7 * 256 + pixel]).toBeCloseTo((pixel + 0.5) / 4, 4);
    }
  });

  it('ends at the padding, with nothing of it in the image', () => {
    // 40 rows of tokens hold image, the last one a half of it.
    const frame = { height: 632, width: 1024 };
    const lowRes = tokensToLowRes(
      tokens(row => (row < 40 ? 1 : 1000)),
      frame,
    );
    const column = Array.from({ length: 256 }, (_, row) => lowRes[row * 256]);
    expect(column.slice(0, 158).every(value => Math.abs(value - 1) < 1e-6)).toBe(true);
    expect(Math.max(...column)).toBeCloseTo(1, 5);
  });
});
