import { expectedDice, volumeMl } from './segmentStudy';

const slice = (index: number, mask: number[], probability: number[], confidence?: number) => ({
  ...{ index, mask: Uint8Array.from(mask), confidence },
  probability: () => Float32Array.from(probability),
});

it('expects what the method says, else what its probabilities imply, weighted by area', () => {
  // 2 * 0.9 / (0.9 + 1)
  expect(expectedDice({ slices: [slice(0, [1, 0], [0.9, 0])] })).toBeCloseTo(0.947, 3);
  expect(
    expectedDice({ slices: [slice(0, [1, 0], [0.9, 0], 0.5), slice(1, [1, 1], [1, 1], 0.8)] }),
  ).toBe(0.7);
  expect(expectedDice({ slices: [slice(0, [0, 0], [0.1, 0])] })).toBeNull();
  // What the method itself expects of the whole comes first.
  expect(expectedDice({ slices: [slice(0, [1, 0], [0.9, 0])], expectedDice: 0.42 })).toBe(0.42);
});

it('measures volumes, where slices are unevenly spaced by the gaps to their neighbors', () => {
  const slices = [slice(0, [1, 1], []), slice(1, [1, 1], []), slice(2, [1, 1], [])];
  const plane = { rowSpacing: 10, columnSpacing: 10, sliceSpacing: 10 };
  expect(volumeMl(slices, plane)).toBe(6);
  expect(volumeMl(slices, { ...plane, slicePositions: [0, 10, 40] })).toBe(2 + 4 + 6);
});
