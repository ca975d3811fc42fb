import { MANY_SLICES, manySlices } from './collect';

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

it('asks only about very many slices, and counts a slice of several structures once', () => {
  expect(manySlices([{ targets: range(0, MANY_SLICES) }])).toBeNull();
  expect(manySlices([{ targets: range(0, MANY_SLICES + 1) }])).toBe(MANY_SLICES + 1);
  expect(manySlices([{ targets: range(0, 200) }, { targets: range(50, 250) }])).toBeNull();
  expect(manySlices([{ targets: range(0, 200) }, { targets: range(150, 350) }])).toBe(350);
});
