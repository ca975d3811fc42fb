import { digestLabels } from './maskDigest';

const grid = (text: string) => text.replace(/\s/g, '').split('').map(Number);

const slice = grid(`
  0 0 0 0
  0 1 1 0
  0 1 2 2
  0 0 0 0
`);

test('counts each label', () => {
  const digests = digestLabels(slice);
  expect([...digests.keys()].sort()).toEqual([1, 2]);
  expect(digests.get(1)?.count).toBe(3);
  expect(digests.get(2)?.count).toBe(2);
});

test('an empty slice has no digest', () => {
  expect(digestLabels(grid('0000')).size).toBe(0);
});

test('one moved voxel changes the hash of its label and no other', () => {
  const moved = grid(`
    0 0 0 0
    1 0 1 0
    0 1 2 2
    0 0 0 0
  `);
  const before = digestLabels(slice);
  const after = digestLabels(moved);
  expect(after.get(1)?.count).toBe(before.get(1)?.count);
  expect(after.get(1)?.hash).not.toBe(before.get(1)?.hash);
  expect(after.get(2)).toEqual(before.get(2));
});
