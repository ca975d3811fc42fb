import { slicesBeyond } from './reach';

const GRID = { rowSpacing: 1, columnSpacing: 1 };
/** Outlines of 20 x 20 mm on these slices. */
const labels = (...indices: number[]) =>
  new Map(indices.map(index => [index, new Uint8Array(400).fill(1)]));

describe('slicesBeyond', () => {
  it('is a quarter of the gap between labeled slices', () => {
    expect(slicesBeyond(labels(0, 20, 40), GRID, 3)).toBe(5);
  });

  it('is two at least', () => {
    expect(slicesBeyond(labels(0, 4, 8), GRID, 5)).toBe(2);
  });

  it('goes on until a structure outlined in its middle is as long as it is wide', () => {
    expect(slicesBeyond(labels(10, 12), GRID, 1)).toBe(9);
  });
});
