import { withoutOverlap } from './withoutOverlap';

const slice = (index: number, mask: number[], probability: number[]) => ({
  index,
  mask: Uint8Array.from(mask),
  probability: () => probability,
});

test('a voxel claimed by two structures goes to the more probable one', () => {
  const left = { segmentIndex: 1, slices: [slice(4, [1, 1, 0], [0.9, 0.6, 0.1])] };
  const right = { segmentIndex: 2, slices: [slice(4, [0, 1, 1], [0.1, 0.8, 0.9])] };
  const masks = withoutOverlap([left, right]);
  expect([...masks.get(1)!.get(4)!]).toEqual([1, 0, 0]);
  expect([...masks.get(2)!.get(4)!]).toEqual([0, 1, 1]);
  expect([...left.slices[0].mask]).toEqual([1, 1, 0]);
});

test('a single structure stays unchanged', () => {
  const masks = withoutOverlap([{ segmentIndex: 3, slices: [slice(0, [1, 0], [0.7, 0.2])] }]);
  expect([...masks.get(3)!.get(0)!]).toEqual([1, 0]);
});
