import { resizeTokens } from './tokenGrid';

describe('resizeTokens', () => {
  it('grows bilinearly, the corners apart', () => {
    // Two by two tokens of two dimensions: row and column.
    const tokens = Float32Array.of(0, 0, /**/ 0, 1, /**/ 1, 0, /**/ 1, 1);
    const grown = resizeTokens(tokens, 2, 4);
    const along = [0, 0.25, 0.75, 1];
    const expected = along.flatMap(row => along.flatMap(column => [row, column]));
    expect([...grown]).toEqual(expected);
  });

  it('shrinks to means', () => {
    const tokens = Float32Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 0 : 4));
    const [left, right] = resizeTokens(tokens, 1, 2);
    expect(left).toBeCloseTo(4 - right, 5);
    expect(left).toBeLessThan(1);
  });

  it('keeps what is constant at any size', () => {
    const grown = resizeTokens(new Float32Array(28 * 28 * 3).fill(0.5), 3, 64);
    expect(grown.length).toBe(64 * 64 * 3);
    for (const value of grown) expect(value).toBeCloseTo(0.5, 6);
  });

  it('leaves tokens of the right number alone', () => {
    const tokens = new Float32Array(16);
    expect(resizeTokens(tokens, 1, 4)).toBe(tokens);
  });
});
