import { emptySlices } from './emptySlices';

const shows = (text: string) => [...text].map(sign => sign === '#');

it('chooses slices far from the structure, spread over the study', () => {
  expect(emptySlices(shows('....###.....'), 4)).toEqual([0, 2, 9, 11]);
  expect(emptySlices(shows('....###.....'), 20)).toEqual([0, 1, 2, 8, 9, 10, 11]);
  expect(emptySlices(shows('..###'), 1)).toEqual([0]);
  expect(emptySlices(shows('.###.'), 3)).toEqual([]);
});
