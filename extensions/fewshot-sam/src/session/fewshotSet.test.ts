import { outlinedSlices, segmentObstacle, targetSlices } from './fewshotSet';

const digest = (hash: number) => ({ count: 10, hash });

test('a slice that holds what a propagation wrote is not an outline', () => {
  const slices = new Map([
    [9, digest(1)],
    [2, digest(2)],
    [4, digest(3)],
  ]);
  expect(outlinedSlices(slices, new Map([[4, digest(3)]]))).toEqual([2, 9]);
});

test('a predicted slice that was corrected is an outline', () => {
  expect(outlinedSlices(new Map([[4, digest(7)]]), new Map([[4, digest(3)]]))).toEqual([4]);
});

test('targets are the slices in range that nobody outlined', () => {
  expect(targetSlices([2, 4], { from: 1, to: 6 }, 20)).toEqual([1, 3, 5, 6]);
  expect(targetSlices([0], { from: 0, to: 99 }, 3)).toEqual([1, 2]);
});

const ready = {
  label: 'Liver',
  locked: false,
  outlined: [1, 5],
  inSet: [1, 5],
  targets: [2, 3, 4],
};

test.each([
  ['nothing drawn', { outlined: [] }, /at least 2 slices/],
  ['one slice', { outlined: [4] }, /at least 2 slices/],
  ['locked', { locked: true }, /Unlock/],
  ['nothing to do', { targets: [] }, /range/],
])('%s: says what to do', (_, change, remedy) => {
  expect(segmentObstacle({ ...ready, ...change })?.remedy).toMatch(remedy);
});

test('says how many were left out', () => {
  const message = segmentObstacle({ ...ready, inSet: ready.outlined.slice(1) })?.message;
  expect(message).toBe('1 of 2 outlined slices are used.');
});

test('names the slice as people count it', () => {
  expect(segmentObstacle({ ...ready, outlined: [4] })?.message).toContain('slice 5');
});

test('two outlines are enough', () => {
  expect(segmentObstacle(ready)).toBeNull();
});
