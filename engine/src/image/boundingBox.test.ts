import { boundingBox } from './boundingBox';

const mask = (...rows: string[]) =>
  Uint8Array.from(rows.join(''), character => (character === '#' ? 1 : 0));

it('surrounds all masks together', () => {
  const masks = [mask('.....', '.#...', '.....'), mask('...#.', '.....', '.....')];
  expect(boundingBox(masks, 5)).toEqual({ top: 0, bottom: 1, left: 1, right: 3 });
});

it('is null for empty masks', () => {
  expect(boundingBox([mask('...', '...')], 3)).toBeNull();
});
