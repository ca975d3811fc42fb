import { combineSlices, measureSlice, sliceThicknesses } from './structure';

const grid = { rows: 2, columns: 3, rowSpacing: 2, columnSpacing: 0.5 };
const first = measureSlice(
  Uint8Array.of(0, 1, 1, 0, 0, 0),
  Float32Array.of(9, 10, 20, 9, 9, 9),
  grid,
)!;
const second = measureSlice(
  Uint8Array.of(1, 0, 0, 1, 0, 0),
  Float32Array.of(30, 9, 9, -40, 9, 9),
  grid,
)!;

test('volume, values and diameters of slices together', () => {
  const together = combineSlices(
    new Map([
      [4, second],
      [1, first],
    ]),
    [3, 3, 3, 3, 3],
    grid,
  )!;
  const values = [10, 20, 30, -40];
  const mean = values.reduce((sum, value) => sum + value) / 4;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4;
  expect(together).toMatchObject({ voxels: 4, slices: 2 });
  expect(together.volume).toBeCloseTo((4 * 2 * 0.5 * 3) / 1000, 12);
  expect(together.mean).toBeCloseTo(mean, 12);
  expect(together.deviation).toBeCloseTo(Math.sqrt(variance), 12);
  expect(together.diameters.sliceIndex).toBe(4);
  expect(together.diameters.longest.mm).toBe(4);
  expect(together.diameters.perpendicular.mm).toBe(0.5);
});

test('large values keep their deviation', () => {
  const high = 1e7;
  const slice = measureSlice(
    Uint8Array.of(1, 1, 0, 0, 0, 0),
    Float32Array.of(high, high + 2, 0, 0, 0, 0),
    grid,
  )!;
  const both = new Map([
    [0, slice],
    [1, slice],
  ]);
  expect(combineSlices(both, [1, 1], grid)!.deviation).toBe(1);
});

test('each slice stands for half of the way to its neighbors', () => {
  expect(sliceThicknesses([0, 3, 6])).toEqual([3, 3, 3]);
  expect(sliceThicknesses([0, 2, 8, 10])).toEqual([2, 4, 4, 2]);
  expect(sliceThicknesses([10, 8, 2, 0])).toEqual([2, 4, 4, 2]);
});

test('nothing to measure', () => {
  expect(measureSlice(Uint8Array.of(0, 0, 0, 0, 0, 0), new Float32Array(6), grid)).toBeNull();
  expect(combineSlices(new Map(), [], grid)).toBeNull();
});
