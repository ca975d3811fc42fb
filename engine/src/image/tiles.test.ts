import type { Mask } from './slice';
import { meanWidthMm, Mosaic, tileRectangles } from './tiles';

const grid = (rows: number, columns: number, spacing = 1) => ({
  ...{ rows, columns },
  ...{ rowSpacing: spacing, columnSpacing: spacing },
});

describe('tileRectangles', () => {
  it('spreads overlapping tiles evenly, and lets one reach beyond a short side', () => {
    expect(tileRectangles(grid(60, 230), 100)).toEqual([
      { row: 0, column: 0, rows: 100, columns: 100 },
      { row: 0, column: 65, rows: 100, columns: 100 },
      { row: 0, column: 130, rows: 100, columns: 100 },
    ]);
  });

  it('sees an image that is smaller than a tile whole', () => {
    expect(tileRectangles(grid(60, 80), 100)).toEqual([
      { row: 0, column: 0, rows: 80, columns: 80 },
    ]);
  });

  it('counts mm where the width of a pixel is known', () => {
    expect(tileRectangles(grid(50, 50, 2), 100)).toEqual([
      { row: 0, column: 0, rows: 50, columns: 50 },
    ]);
  });

  it('covers every pixel', () => {
    const mosaic = new Mosaic(grid(77, 131));
    for (const tile of tileRectangles(grid(77, 131), 40)) {
      mosaic.add(new Float32Array(tile.rows * tile.columns).fill(3), tile);
    }
    const values = mosaic.values(NaN);
    expect(Math.min(...values)).toBeCloseTo(3);
    expect(Math.max(...values)).toBeCloseTo(3);
  });
});

it('Mosaic changes from one tile to the next step by step', () => {
  const mosaic = new Mosaic({ rows: 1, columns: 9 });
  const place = (column: number) => ({ row: 0, column, rows: 1, columns: 6 });
  mosaic.add(new Float32Array(6).fill(0), place(0));
  mosaic.add(new Float32Array(6).fill(1), place(3));
  const values = [...mosaic.values(NaN)].map(value => Number(value.toFixed(2)));
  expect(values).toEqual([0, 0, 0, 0.17, 0.5, 0.83, 1, 1, 1]);
  expect(new Mosaic({ rows: 1, columns: 2 }).values(-5)).toEqual(Float32Array.of(-5, -5));
});

describe('meanWidthMm', () => {
  const drawn = (
    rows: number,
    columns: number,
    isInside: (r: number, c: number) => boolean,
  ): Mask =>
    Uint8Array.from({ length: rows * columns }, (_, i) =>
      isInside(Math.floor(i / columns), i % columns) ? 1 : 0,
    );

  it('is 0.8 of the diameter of a disk, however many there are', () => {
    const isDisk = (r: number, c: number) => Math.hypot((r % 50) - 24.5, (c % 50) - 24.5) < 20;
    expect(meanWidthMm(drawn(50, 50, isDisk), grid(50, 50))! / 40).toBeCloseTo(0.79, 1);
    expect(meanWidthMm(drawn(100, 150, isDisk), grid(100, 150))! / 40).toBeCloseTo(0.79, 1);
  });

  it('is twice the thickness of a strip, in mm', () => {
    const strip = drawn(40, 200, r => r >= 10 && r < 15);
    expect(meanWidthMm(strip, grid(40, 200, 0.5))).toBeCloseTo(2 * 5 * 0.5);
  });

  it('is null where nothing is drawn', () => {
    expect(meanWidthMm(new Uint8Array(4), grid(2, 2))).toBeNull();
  });
});
