import { cropAround } from './cropAround';

const GRID = { rows: 100, columns: 200, rowSpacing: 1, columnSpacing: 1 };

function box(row: number, column: number, rows: number, columns: number): Uint8Array {
  return Uint8Array.from({ length: 100 * 200 }, (_, i) => {
    const [r, c] = [Math.floor(i / 200), i % 200];
    return r >= row && r < row + rows && c >= column && c < column + columns ? 1 : 0;
  });
}

describe('cropAround', () => {
  it('is a square around all outlines, 1.8 times their extent', () => {
    const crop = cropAround([box(40, 80, 10, 20), box(40, 90, 10, 20)], GRID);
    expect(crop).toEqual({ row: 18, column: 68, rows: 54, columns: 54 });
  });

  it('is square in mm, not in pixels', () => {
    const crop = cropAround([box(40, 80, 10, 20)], { ...GRID, columnSpacing: 0.5 });
    expect([crop.rows, crop.columns]).toEqual([18, 36]);
  });

  it('stays inside the slice where the structure touches its border', () => {
    expect(cropAround([box(0, 190, 20, 10)], GRID)).toEqual({
      row: 0,
      column: 164,
      rows: 36,
      columns: 36,
    });
  });

  it('takes the whole slice where the structure fills it', () => {
    expect(cropAround([box(0, 0, 100, 200)], GRID)).toEqual({
      row: 0,
      column: 0,
      rows: 100,
      columns: 200,
    });
  });

  it('stays the same while outlines that are added leave room in it', () => {
    const first = [box(40, 80, 10, 20)];
    const crop = cropAround(first, GRID);
    const wider = [...first, box(38, 78, 16, 24)];
    expect(cropAround(wider, GRID)).not.toEqual(crop);
    expect(cropAround(wider, GRID, crop)).toEqual(crop);

    const tooWide = [...first, box(40, 76, 10, 28)];
    expect(cropAround(tooWide, GRID, crop)).toEqual(cropAround(tooWide, GRID));
    const elsewhere = [box(10, 150, 10, 20)];
    expect(cropAround(elsewhere, GRID, crop)).toEqual(cropAround(elsewhere, GRID));
  });

  it('shrinks when the outline that made it large is gone', () => {
    const crop = cropAround([box(10, 20, 60, 60)], GRID);
    const small = [box(40, 40, 10, 20)];
    expect(cropAround(small, GRID, crop)).toEqual(cropAround(small, GRID));
  });

  it('stays the same at the border, where there is no more room', () => {
    const crop = cropAround([box(0, 190, 20, 10)], GRID);
    expect(cropAround([box(0, 188, 21, 12)], GRID, crop)).toEqual(crop);
  });

  it('leaves surroundings around a single pixel', () => {
    expect(cropAround([box(50, 50, 1, 1)], GRID)).toMatchObject({ rows: 16, columns: 16 });
  });
});
