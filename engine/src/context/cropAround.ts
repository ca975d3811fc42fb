import { boundingBox } from '../image/boundingBox';
import type { CropRectangle, Mask, Slice } from '../image/slice';

/**
 * Side of the crop, in extents of the structure: leaves room for movement and for surroundings to compare
 * with.
 */
const MARGIN = 1.8;
/** An earlier crop is kept while it leaves this much room on each side, in extents. */
const LEAST_ROOM = 0.2;
/** ... and is at most this many times as large as the best crop: small structures would be lost in it. */
const MOST_TOO_LARGE = 1.5;
/** A structure of a few pixels still needs surroundings. */
const LEAST_PIXELS = 16;

/**
 * Returns a square around all outlines, as far as the slice has room for it, so that the encoder sees the
 * structure several times larger than in the whole slice.
 *
 * @param masks with at least one pixel inside, all together
 * @param before crop of an earlier run, kept while it fits, because slices already encoded in it need not
 *   be encoded again
 */
export function cropAround(
  masks: Iterable<Mask>,
  {
    rows,
    columns,
    rowSpacing,
    columnSpacing,
  }: Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>,
  before?: CropRectangle,
): CropRectangle {
  const { top, bottom, left, right } = boundingBox(masks, columns)!;
  const [height, width] = [(bottom - top + 1) * rowSpacing, (right - left + 1) * columnSpacing];
  const extent = Math.max(height, width);
  const side = Math.max(MARGIN * extent, LEAST_PIXELS * Math.max(rowSpacing, columnSpacing));
  const along = (first: number, last: number, spacing: number, size: number) => {
    const length = Math.min(size, Math.round(side / spacing));
    const centerd = Math.round((first + last + 1 - length) / 2);
    return { start: Math.min(Math.max(0, centerd), size - length), length };
  };
  const vertical = along(top, bottom, rowSpacing, rows);
  const horizontal = along(left, right, columnSpacing, columns);
  if (before) {
    const room = LEAST_ROOM * extent;
    const isKept =
      isRoom(before.row, before.rows, top, bottom, room / rowSpacing, rows) &&
      isRoom(before.column, before.columns, left, right, room / columnSpacing, columns) &&
      before.rows <= MOST_TOO_LARGE * vertical.length &&
      before.columns <= MOST_TOO_LARGE * horizontal.length;
    if (isKept) return before;
  }
  return {
    row: vertical.start,
    column: horizontal.start,
    rows: vertical.length,
    columns: horizontal.length,
  };
}

/** Whether a range of pixels holds `first` to `last` plus `room` on both sides, within the slice. */
function isRoom(
  start: number,
  length: number,
  first: number,
  last: number,
  room: number,
  size: number,
): boolean {
  return start <= Math.max(0, first - room) && start + length >= Math.min(size, last + 1 + room);
}
