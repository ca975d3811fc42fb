import { movedCell, rowsInSight, sheetLayout, SHEET_GAP } from './sheetLayout';

describe('layout', () => {
  it('shows 20 slices at once, as large as they fit', () => {
    const { columns, rows, side } = sheetLayout(20, 1500, 700);
    expect({ columns, rows }).toEqual({ columns: 7, rows: 3 });
    expect(side).toBeGreaterThan(200);
    expect(rows * (side + SHEET_GAP)).toBeLessThanOrEqual(700);
  });

  it('scrolls 500 slices, each large enough to judge', () => {
    const { columns, rows, side } = sheetLayout(500, 1500, 700);
    expect(side).toBeGreaterThanOrEqual(148);
    expect(columns * rows).toBeGreaterThanOrEqual(500);
    expect(rows).toBeGreaterThan(10);
  });

  it('never blows a few slices up, and takes a narrow window', () => {
    expect(sheetLayout(2, 1500, 700)).toMatchObject({ columns: 2, side: 300 });
    expect(sheetLayout(4, 100, 700)).toMatchObject({ columns: 1, side: 100 });
  });
});

it('counts a row as in sight when at least half of it is', () => {
  const layout = { columns: 5, rows: 10, side: 100, pitch: 108 };
  expect(rowsInSight(layout, 0, 216)).toEqual({ first: 0, last: 1 });
  expect(rowsInSight(layout, 49, 216)).toEqual({ first: 0, last: 1 });
  expect(rowsInSight(layout, 51, 216)).toEqual({ first: 1, last: 2 });
  expect(rowsInSight(layout, 864, 216)).toEqual({ first: 8, last: 9 });
});

it('moves by cell, row and page', () => {
  const move = (key: string, at: number) => movedCell(key, at, 12, 5, 2);
  expect(move('ArrowRight', 11)).toBe(11);
  expect(move('ArrowDown', 3)).toBe(8);
  expect(move('ArrowDown', 8)).toBe(8);
  expect(move('PageDown', 3)).toBe(11);
  expect(move('Home', 7)).toBe(0);
  expect(move('x', 7)).toBeNull();
});
