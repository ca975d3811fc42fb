import { thumbnailOf } from './thumbnail';

/** Width and height of the structure in the picture, in its pixels. */
function extent({ width, mask }: { width: number; mask: Uint8Array }): [number, number] {
  const columns = new Set<number>();
  const rows = new Set<number>();
  mask.forEach((value, i) => {
    if (!value) return;
    columns.add(i % width);
    rows.add(Math.floor(i / width));
  });
  return [columns.size, rows.size];
}

it('shows a structure in its true proportions where rows lie far apart', () => {
  // 40 columns of 1 mm and 4 rows of 10 mm; a square of 20 mm.
  const mask = Uint8Array.from({ length: 160 }, (_, i) => {
    const [row, column] = [Math.floor(i / 40), i % 40];
    return Number(row >= 1 && row < 3 && column >= 10 && column < 30);
  });
  const [width, height] = extent(thumbnailOf(mask, mask, 40, 4, { low: 0, high: 1 }, 10));
  expect(width).toBeGreaterThan(40);
  expect(Math.abs(width - height)).toBeLessThanOrEqual(2);
});

it('shows bright as dark where the viewer does, as of MONOCHROME1', () => {
  const pixels = Uint8Array.of(0, 255);
  const window = { low: 0, high: 255 };
  const { gray } = thumbnailOf(pixels, Uint8Array.of(1, 1), 2, 1, window, 2);
  const { gray: inverted } = thumbnailOf(
    pixels,
    Uint8Array.of(1, 1),
    2,
    1,
    { ...window, inverted: true },
    2,
  );
  expect(new Set(gray)).toEqual(new Set([0, 255]));
  expect(inverted).toEqual(gray.map(value => 255 - value));
});
