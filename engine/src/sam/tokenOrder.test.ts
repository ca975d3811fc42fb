import { rowMajorOfTokenOrder } from './tokenOrder';

describe('rowMajorOfTokenOrder', () => {
  it('goes through a token’s 4 x 4 pixels quarter by quarter, each from top left to bottom right', () => {
    const place = new Array<number>(16);
    rowMajorOfTokenOrder(1).forEach((pixel, i) => (place[pixel] = i));
    expect(place).toEqual(
      [
        [0, 1, 4, 5], //
        [2, 3, 6, 7],
        [8, 9, 12, 13],
        [10, 11, 14, 15],
      ].flat(),
    );
  });

  it('goes through the tokens row by row', () => {
    // 2 x 2 tokens make 8 x 8 pixels: where the first pixel of each token lies.
    const order = rowMajorOfTokenOrder(2);
    expect([0, 16, 32, 48].map(i => order[i])).toEqual([0, 4, 32, 36]);
  });

  it('meets every pixel once', () => {
    const order = rowMajorOfTokenOrder(64);
    expect(order.length).toBe(256 * 256);
    expect(new Set(order).size).toBe(256 * 256);
    expect(order.every(pixel => pixel >= 0 && pixel < 256 * 256)).toBe(true);
  });
});
