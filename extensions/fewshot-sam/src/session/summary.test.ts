import { evenlySpaced, outcomesOf } from './summary';

test('picks evenly and keeps both ends', () => {
  expect(evenlySpaced([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)).toEqual([0, 4, 8]);
  expect(evenlySpaced([4, 5], 6)).toEqual([4, 5]);
});

test('tells drawn, predicted, empty and untouched slices apart', () => {
  const digest = { count: 3, hash: 1 };
  const written = new Map([
    [1, new Uint8Array(1)],
    [2, new Uint8Array(1)],
  ]);
  const slices = new Map([
    [0, digest],
    [1, digest],
  ]);
  expect(outcomesOf(4, written, slices)).toEqual(['drawn', 'predicted', 'empty', 'outside-range']);
});
