import { applyEdit, planEdit, revertEdit, type Voxels } from './labelEdit';

const grid = (text: string) => text.replace(/\s/g, '').split('').map(Number);
const voxelsOf = (labels: number[]): Voxels => ({
  getAtIndex: i => labels[i],
  setAtIndex: (i, value) => (labels[i] = value),
});

const drawn = `
  0 0 0 0
  0 2 2 0
  1 0 0 0
`;
const mask = Uint8Array.from(
  grid(`
  0 1 1 1
  0 1 1 1
  0 0 0 0
`),
);

test('fills background, clears what the structure no longer covers, spares other segments', () => {
  const labels = grid(drawn);
  applyEdit(voxelsOf(labels), planEdit(labels, mask, 1));
  expect(labels).toEqual(
    grid(`
      0 1 1 1
      0 2 2 1
      0 0 0 0
    `),
  );
});

test('planning changes nothing', () => {
  const labels = grid(drawn);
  planEdit(labels, mask, 1);
  expect(labels).toEqual(grid(drawn));
});

test('reverting restores the slice', () => {
  const labels = grid(drawn);
  const edit = planEdit(labels, mask, 1);
  applyEdit(voxelsOf(labels), edit);
  revertEdit(voxelsOf(labels), edit);
  expect(labels).toEqual(grid(drawn));
});

test('reverting keeps what somebody drew over it since', () => {
  const labels = grid(drawn);
  const edit = planEdit(labels, mask, 1);
  applyEdit(voxelsOf(labels), edit);
  labels[1] = 3;
  revertEdit(voxelsOf(labels), edit);
  expect(labels[1]).toBe(3);
  expect(labels[2]).toBe(0);
});
