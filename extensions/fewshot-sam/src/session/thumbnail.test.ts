import { squareAround, thumbnailOf } from './thumbnail';

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
  const grid = { columns: 40, rows: 4, aspect: 10 };
  const [width, height] = extent(
    thumbnailOf(mask, mask, grid, { low: 0, high: 1, inverted: false }),
  );
  expect(width).toBeGreaterThan(40);
  expect(Math.abs(width - height)).toBeLessThanOrEqual(2);
});

it('shows bright as dark where the viewer does, as of MONOCHROME1', () => {
  const pixels = Uint8Array.of(0, 255);
  const grayIf = (inverted: boolean) =>
    thumbnailOf(
      pixels,
      Uint8Array.of(1, 1),
      { columns: 2, rows: 1, aspect: 2 },
      { low: 0, high: 255, inverted },
    ).gray;
  const gray = grayIf(false);
  expect(new Set(gray)).toEqual(new Set([0, 255]));
  expect(grayIf(true)).toEqual(gray.map(value => 255 - value));
});

it('frames a structure with a margin, and stays inside the image', () => {
  const grid = { columns: 100, rows: 100, aspect: 1 };
  const box = { left: 80, right: 99, top: 40, bottom: 49 };
  expect(squareAround(box, grid, 0.5)).toEqual({ left: 60, top: 25, side: 40 });
  expect(squareAround(null, { ...grid, rows: 60 })).toEqual({ left: 20, top: 0, side: 60 });
});
