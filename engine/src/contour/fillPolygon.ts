import type { Polygon } from './polygon';

/** Pixels that a polygon covers, within a rectangle of the slice. */
export interface FilledPolygon {
  column: number;
  row: number;
  columns: number;
  rows: number;
  /** Row-major, 1 inside. */
  inside: Uint8Array;
  /** Number of pixels inside. */
  count: number;
}

/**
 * Widest gap, in pixels, that counts as the slit of a keyhole and not as outside. Programs that round
 * coordinates write the way to a hole and the way back slightly apart.
 */
const SLIT = 0.1;

/** Coordinates are rounded to this part of a pixel, so that rounding errors decide nothing. */
const PART = 1e-6;

/**
 * Finds the pixels whose centers lie inside a polygon, by the even-odd rule. A center on the polygon itself
 * belongs to it on the left and upper sides, so that polygons that share a side share no pixel. Joins the
 * slit of a keyhole.
 *
 * @param columns,rows size of the slice; parts of the polygon beyond it are ignored
 */
export function fillPolygon(polygon: Polygon, columns: number, rows: number): FilledPolygon {
  const xs = polygon.map(([x]) => Math.round(x / PART) * PART);
  const ys = polygon.map(([, y]) => Math.round(y / PART) * PART);
  const [left, right] = range(xs, columns);
  const [top, bottom] = range(ys, rows);
  const filled: FilledPolygon = {
    column: left,
    row: top,
    columns: Math.max(0, right - left + 1),
    rows: Math.max(0, bottom - top + 1),
    inside: new Uint8Array(Math.max(0, right - left + 1) * Math.max(0, bottom - top + 1)),
    count: 0,
  };
  if (filled.inside.length === 0) return filled;
  const { inside } = filled;
  for (const [row, crossings] of crossingsOf(ys, xs, top, bottom)) {
    const start = (row - top) * filled.columns - left;
    spans(crossings, left, right, column => (inside[start + column] = 1));
  }
  // A slit along a row lies between crossings of the columns.
  for (const [column, crossings] of crossingsOf(xs, ys, left, right)) {
    slits(crossings, top, bottom, row => {
      inside[(row - top) * filled.columns + column - left] = 1;
    });
  }
  for (const value of inside) filled.count += value;
  return filled;
}

/** Returns the first and last whole number that values enclose, within 0 to `count - 1`. */
function range(values: readonly number[], count: number): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [Math.max(0, Math.ceil(least)), Math.min(count - 1, Math.floor(most))];
}

/**
 * Yields where the polygon crosses each line on which `along` is a whole number, sorted.
 *
 * @param along coordinate that is fixed on a line
 * @param across coordinate of the crossings
 */
function* crossingsOf(
  along: readonly number[],
  across: readonly number[],
  first: number,
  last: number,
): Generator<[line: number, crossings: number[]]> {
  const lines: number[][] = Array.from({ length: last - first + 1 }, () => []);
  for (let i = 0; i < along.length; i++) {
    const next = (i + 1) % along.length;
    const [low, high] = along[i] < along[next] ? [i, next] : [next, i];
    // A line crosses an edge from its lower end, included, to its upper end, excluded.
    const from = Math.max(first, Math.ceil(along[low]));
    const slope = (across[high] - across[low]) / (along[high] - along[low]);
    for (let line = from; line <= last && line < along[high]; line++) {
      lines[line - first].push(across[low] + (line - along[low]) * slope);
    }
  }
  for (const [i, crossings] of lines.entries()) {
    if (crossings.length > 0) yield [first + i, crossings.sort((a, b) => a - b)];
  }
}

/** Visits whole numbers from each odd crossing to the next, and those in slits. */
function spans(
  crossings: readonly number[],
  least: number,
  most: number,
  visit: (at: number) => void,
): void {
  for (let i = 0; i + 1 < crossings.length; i += 2) {
    let end = crossings[i + 1];
    const start = crossings[i];
    while (i + 3 < crossings.length && crossings[i + 2] - end < SLIT) {
      i += 2;
      end = crossings[i + 1];
    }
    for (let at = Math.max(least, Math.ceil(start)); at <= most && at < end; at++) visit(at);
  }
}

function slits(
  crossings: readonly number[],
  least: number,
  most: number,
  visit: (at: number) => void,
): void {
  for (let i = 1; i + 2 < crossings.length; i += 2) {
    const [start, end] = [crossings[i], crossings[i + 1]];
    if (end - start >= SLIT) continue;
    for (let at = Math.max(least, Math.ceil(start)); at <= most && at < end; at++) visit(at);
  }
}
