/** Size in px of the cells of the contact sheet, of a grid of squares in a scrolling box. */
export interface SheetLayout {
  columns: number;
  rows: number;
  /** Side of a cell. */
  side: number;
  /** Distance from one row to the next. */
  pitch: number;
}

export const SHEET_GAP = 8;
const SMALLEST = 148;
const LARGEST = 300;

/** Lays out `count` squares: as large as fits without scrolling, but never too small to judge. */
export function sheetLayout(count: number, width: number, height: number): SheetLayout {
  const sideOf = (length: number, cells: number) =>
    Math.floor((length + SHEET_GAP) / cells) - SHEET_GAP;
  let columns = 1;
  let side = 0;
  for (let tried = 1; tried <= Math.max(1, count); tried++) {
    const rows = Math.max(1, Math.ceil(count / tried));
    const fitting = Math.min(sideOf(width, tried), sideOf(height, rows), LARGEST);
    if (fitting >= side) [columns, side] = [tried, fitting];
  }
  if (side < SMALLEST) {
    columns = Math.max(1, Math.floor((width + SHEET_GAP) / (SMALLEST + SHEET_GAP)));
    side = sideOf(width, columns);
  }
  const rows = Math.max(1, Math.ceil(count / columns));
  return { columns, rows, side, pitch: side + SHEET_GAP };
}

/** First and last row, both inclusive, of which at least half is in sight. */
export function rowsInSight(
  { rows, pitch, side }: SheetLayout,
  scrollTop: number,
  height: number,
): { first: number; last: number } {
  const first = Math.max(0, Math.ceil((scrollTop - side / 2) / pitch));
  const last = Math.min(rows - 1, Math.floor((scrollTop + height - side / 2) / pitch));
  return { first, last };
}

const STEPS: Record<string, (columns: number, page: number, count: number) => number> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: columns => -columns,
  ArrowDown: columns => columns,
  PageUp: (columns, page) => -columns * page,
  PageDown: (columns, page) => columns * page,
  Home: (_, __, count) => -count,
  End: (_, __, count) => count,
};

/**
 * Where a key moves to from cell `at`; null if it does not move. A step up or down beyond the grid stays in
 * place.
 *
 * @param page rows per page
 */
export function movedCell(
  key: string,
  at: number,
  count: number,
  columns: number,
  page: number,
): number | null {
  const step = STEPS[key]?.(columns, page, count);
  if (step === undefined) return null;
  const next = at + step;
  if (next >= 0 && next < count) return next;
  if (key === 'ArrowUp' || key === 'ArrowDown') return at;
  return Math.max(0, Math.min(count - 1, next));
}
