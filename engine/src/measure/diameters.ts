import { connectedComponents, type Component } from '../image/connectedComponents';
import type { Mask, Slice } from '../image/slice';

/** Column and row, in pixels from the center of the first pixel. */
export type PixelPoint = [number, number];

/** A straight line between two points on the border of a structure. */
export interface Caliper {
  mm: number;
  ends: [PixelPoint, PixelPoint];
}

/** The two diameters of a structure on one slice, as in RECIST 1.1 and the WHO criteria. */
export interface Diameters {
  longest: Caliper;
  /** The longest one at a right angle to `longest`, across the same piece. */
  perpendicular: Caliper;
}

export type PixelGrid = Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>;

/**
 * Measures the longest diameter of a structure on a slice, and its perpendicular, from border to border.
 * The border is that of marching squares, halfway between the centers of pixels inside and outside, as for
 * OHIF's bidirectional tool and pyradiomics: a row of 4 pixels is 4 pixels long. Pieces that do not touch
 * are measured one by one; a notch or a hole of a piece is passed over.
 *
 * @param mask row-major, 1 inside
 * @returns null when the mask is empty
 */
export function inPlaneDiameters(mask: Mask, grid: PixelGrid): Diameters | null {
  const top = Math.floor(mask.indexOf(1) / grid.columns);
  if (top < 0) return null;
  const rows = Math.floor(mask.lastIndexOf(1) / grid.columns) + 1 - top;
  // Only the rows with the structure: slices may be large, and this runs beside a viewer.
  const cropped = mask.subarray(top * grid.columns, (top + rows) * grid.columns);
  const found = croppedDiameters(cropped, { ...grid, rows });
  const moved = ({ mm, ends: [a, b] }: Caliper): Caliper => ({
    mm,
    ends: [
      [a[0], a[1] + top],
      [b[0], b[1] + top],
    ],
  });
  return { longest: moved(found.longest), perpendicular: moved(found.perpendicular) };
}

function croppedDiameters(mask: Mask, grid: PixelGrid): Diameters {
  const { labels, components } = connectedComponents(mask, [grid.columns, grid.rows, 1]);
  let best: { longest: Caliper; border: Border } | null = null;
  const extent = ({ low, high }: Component) =>
    Math.hypot(
      (high[0] - low[0] + 1) * grid.columnSpacing,
      (high[1] - low[1] + 1) * grid.rowSpacing,
    );
  for (const component of components.sort((a, b) => extent(b) - extent(a))) {
    if (best && extent(component) <= best.longest.mm) break;
    const border = outerBorder(labels, component, grid);
    const longest = farthestPair(border, grid);
    if (!best || longest.mm > best.longest.mm) best = { longest, border };
  }
  const { longest, border } = best!;
  return { longest, perpendicular: perpendicularTo(longest, border, grid) };
}

/** Corners of a closed polygon, x and y of each in mm. */
type Border = Float64Array;

/**
 * Edges of a cell that marching squares connects, by case: bits 1, 2, 4, 8 are the corners above left, above
 * right, below right, below left that are inside; edges are 0 top, 1 right, 2 bottom, 3 left. Pixels that
 * touch at a corner are one piece.
 */
const CASES: readonly (readonly number[])[] = [
  [],
  [3, 0],
  [0, 1],
  [3, 1],
  [1, 2],
  [0, 1, 2, 3],
  [0, 2],
  [3, 2],
  [2, 3],
  [0, 2],
  [3, 0, 1, 2],
  [1, 2],
  [1, 3],
  [0, 1],
  [3, 0],
  [],
];
/** Column and row of the middle of each edge, from the corner above left; and of the cell beyond it. */
const MIDDLES = [
  [0.5, 0],
  [1, 0.5],
  [0.5, 1],
  [0, 0.5],
];
const BEYOND = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
];

/** Follows the outer border of a piece, so that time depends on its length and not on holes. */
function outerBorder(
  labels: Int32Array,
  { label, low: [, top] }: Component,
  { rows, columns, rowSpacing, columnSpacing }: PixelGrid,
): Border {
  const inside = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < columns && y < rows && labels[y * columns + x] === label ? 1 : 0;
  const start = [labels.indexOf(label, top * columns) - top * columns - 1, top - 1];
  const points: number[] = [];
  let [x, y] = start;
  let entered = 2;
  do {
    const corners =
      inside(x, y) + inside(x + 1, y) * 2 + inside(x + 1, y + 1) * 4 + inside(x, y + 1) * 8;
    const edges = CASES[corners];
    const left = edges[edges.indexOf(entered) ^ 1];
    const [column, row] = MIDDLES[left];
    points.push((x + column) * columnSpacing, (y + row) * rowSpacing);
    x += BEYOND[left][0];
    y += BEYOND[left][1];
    entered = left ^ 2;
  } while (x !== start[0] || y !== start[1] || entered !== 2);
  return Float64Array.from(points);
}

type Point = readonly [number, number];

function caliper([x0, y0]: Point, [x1, y1]: Point, grid: PixelGrid): Caliper {
  const { rowSpacing, columnSpacing } = grid;
  return {
    mm: Math.hypot(x1 - x0, y1 - y0),
    ends: [
      [x0 / columnSpacing, y0 / rowSpacing],
      [x1 / columnSpacing, y1 / rowSpacing],
    ],
  };
}

function farthestPair(border: Border, grid: PixelGrid): Caliper {
  const hull = convexHull(border);
  let [from, to]: Point[] = [hull[0], hull[0]];
  let best = 0;
  for (let i = 0; i < hull.length; i++) {
    for (let j = i + 1; j < hull.length; j++) {
      const distance = (hull[i][0] - hull[j][0]) ** 2 + (hull[i][1] - hull[j][1]) ** 2;
      if (distance > best) [best, from, to] = [distance, hull[i], hull[j]];
    }
  }
  return caliper(from, to, grid);
}

/** Corners of the convex hull (Andrew's monotone chain, 1979). */
function convexHull(border: Border): Point[] {
  // Of each row, only the ends can be corners.
  const ends = new Map<number, [number, number]>();
  for (let i = 0; i < border.length; i += 2) {
    const [x, y] = [border[i], border[i + 1]];
    const row = ends.get(y);
    if (!row) ends.set(y, [x, x]);
    else if (x < row[0]) row[0] = x;
    else if (x > row[1]) row[1] = x;
  }
  const points = [...ends].flatMap(([y, [first, last]]): Point[] => [
    [first, y],
    [last, y],
  ]);
  points.sort(([ax, ay], [bx, by]) => ax - bx || ay - by);
  const half = (ordered: readonly Point[]) => {
    const chain: Point[] = [];
    for (const point of ordered) {
      while (
        chain.length > 1 &&
        !turnsLeft(chain[chain.length - 2], chain[chain.length - 1], point)
      ) {
        chain.pop();
      }
      chain.push(point);
    }
    return chain.slice(0, -1);
  };
  return [...half(points), ...half(points.reverse())];
}

function turnsLeft([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): boolean {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0;
}

/**
 * The width of a piece at a right angle to a line changes linearly between two corners of its border, so the
 * widest place is at a corner.
 */
function perpendicularTo({ ends }: Caliper, border: Border, grid: PixelGrid): Caliper {
  const [from, to] = ends.map(([column, row]) => [
    column * grid.columnSpacing,
    row * grid.rowSpacing,
  ]);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const [dx, dy] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
  const count = border.length / 2;
  const along = new Float64Array(count);
  const across = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [x, y] = [border[2 * i] - from[0], border[2 * i + 1] - from[1]];
    along[i] = x * dx + y * dy;
    across[i] = y * dx - x * dy;
  }
  const places = along.slice().sort();
  const lowest = new Float64Array(count).fill(Infinity);
  const highest = new Float64Array(count).fill(-Infinity);
  for (let i = 0; i < count; i++) {
    const next = (i + 1) % count;
    const [a, b] = along[i] <= along[next] ? [i, next] : [next, i];
    const span = along[b] - along[a];
    for (let k = firstFrom(places, along[a]); k < count && places[k] <= along[b]; k++) {
      const share = span > 0 ? (places[k] - along[a]) / span : 0;
      const here = across[a] + share * (across[b] - across[a]);
      lowest[k] = Math.min(lowest[k], here, span > 0 ? here : across[b]);
      highest[k] = Math.max(highest[k], here, span > 0 ? here : across[b]);
    }
  }
  let widest = 0;
  for (let k = 1; k < count; k++) {
    if (highest[k] - lowest[k] > highest[widest] - lowest[widest]) widest = k;
  }
  const at = (side: number): Point => [
    from[0] + places[widest] * dx - side * dy,
    from[1] + places[widest] * dy + side * dx,
  ];
  return caliper(at(lowest[widest]), at(highest[widest]), grid);
}

/** Index of the first value of an ascending list that is at least `value`. */
function firstFrom(values: Float64Array, value: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
