import type { Mask, Slice } from '../image/slice';
import { everySecond, searchedSlices } from './searchedSlices';

const GRID = { rows: 4, columns: 4, rowSpacing: 1, columnSpacing: 1 };
const slices = Array.from({ length: 30 }, (_, index): Slice => {
  return { ...GRID, pixels: new Float32Array(16), index, identity: `${index}` };
});
const drawn: Mask = new Uint8Array(16).fill(1);
const empty: Mask = new Uint8Array(16);
const indices = (list: Slice[]) => list.map(({ index }) => index);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);

describe('searchedSlices', () => {
  const outlines = new Map([10, 18].map(index => [index, drawn]));

  it('goes a little beyond the outermost outlines', () => {
    expect(indices(searchedSlices(slices, outlines, slices, 3))).toEqual(range(8, 20));
  });

  it('leaves out what is neither labeled nor wanted', () => {
    const wanted = slices.filter(({ index }) => index >= 16);
    expect(indices(searchedSlices(slices, outlines, wanted, 3))).toEqual([10, ...range(16, 20)]);
  });

  it('goes to the slice that is labeled as empty, and no farther', () => {
    const labels = new Map([...outlines, [5, empty], [2, empty], [19, empty]]);
    expect(indices(searchedSlices(slices, labels, slices, 3))).toEqual(range(5, 19));
  });

  it('refuses when nothing wanted is in reach', () => {
    const far = slices.slice(25);
    expect(() => searchedSlices(slices, outlines, far, 3)).toThrow('more than 2 slices beyond');
    const labels = new Map([...outlines, [20, empty]]);
    expect(() => searchedSlices(slices, labels, far, 3)).toThrow('labeled as empty');
  });
});

describe('everySecond', () => {
  const skipped = (labeled: number[], searched: Slice[]) => [
    ...everySecond(searched, new Map(labeled.map(index => [index, drawn]))),
  ];

  it('leaves out slices between two others, never a labeled one', () => {
    expect(skipped([0, 5], slices.slice(0, 8))).toEqual([1, 3, 6]);
  });

  it('keeps a slice beside a gap, and both ends', () => {
    const searched = slices.filter(({ index }) => [0, 1, 2, 5, 6, 7].includes(index));
    expect(skipped([0], searched)).toEqual([1, 6]);
  });
});
