import { oriented, type Point, type Polygon } from './polygon';

/** A way to a hole stays this far from rows of pixel centers where it can, in pixels. */
const BETWEEN_ROWS = 0.25;

/**
 * Joins a polygon and its holes into one polygon, a keyhole: from its outside it leads to each hole and back
 * on the same line, between the rows of pixel centers. Programs that unite all contours and those that cut
 * holes by XOR read it alike.
 *
 * @param holes inside of the polygon, apart from each other
 */
export function joinHoles(outer: Polygon, holes: readonly Polygon[]): Polygon {
  const leftmost = (polygon: Polygon) =>
    polygon.reduce((best, [x], i) => (x < polygon[best][0] ? i : best), 0);
  let joined: Point[] = [...oriented(outer, 1)];
  const fromLeft = holes
    .map(hole => withStart(oriented(hole, -1), leftmost))
    .sort((a, b) => a.hole[a.start][0] - b.hole[b.start][0]);
  for (const { hole, start } of fromLeft) {
    const [x, y] = hole[start];
    const hit = edgeLeftOf(joined, x, y);
    if (!hit) continue;
    const gate: Point = [hit.x, y];
    const around = [...hole.slice(start), ...hole.slice(0, start + 1)];
    joined = [
      ...joined.slice(0, hit.edge + 1),
      gate,
      ...around,
      gate,
      ...joined.slice(hit.edge + 1),
    ];
  }
  return joined;
}

/**
 * Chooses the point of a hole where the way to it ends: its leftmost point or, if that lies on a row of pixel
 * centers, a new point beside it.
 */
function withStart(
  hole: Polygon,
  leftmost: (polygon: Polygon) => number,
): { hole: Polygon; start: number } {
  const start = leftmost(hole);
  const [x, y] = hole[start];
  if (Math.abs(y - Math.round(y)) >= BETWEEN_ROWS) return { hole, start };
  const row = Math.round(y);
  const beside = [
    { next: hole[(start + 1) % hole.length], at: start + 1 },
    { next: hole.at(start - 1)!, at: start },
  ].flatMap(({ next, at }) => {
    const wanted = row + Math.sign(next[1] - y) * BETWEEN_ROWS;
    const part = (wanted - y) / (next[1] - y);
    if (!(part > 0 && part < 1)) return [];
    return [{ at, point: [x + part * (next[0] - x), wanted] as Point }];
  });
  if (beside.length === 0) return { hole, start };
  // The one farther left: the hole itself does not lie in its way.
  const { at, point } = beside.reduce((a, b) => (b.point[0] < a.point[0] ? b : a));
  return { hole: [...hole.slice(0, at), point, ...hole.slice(at)], start: at };
}

/** Finds the nearest edge to the left of a point. */
function edgeLeftOf(
  polygon: Polygon,
  x: number,
  y: number,
): { edge: number; x: number } | undefined {
  let nearest: { edge: number; x: number } | undefined;
  polygon.forEach(([x1, y1], edge) => {
    const [x2, y2] = polygon[(edge + 1) % polygon.length];
    if (y1 <= y === y2 <= y) return;
    const at = x1 + ((y - y1) / (y2 - y1)) * (x2 - x1);
    if (at <= x && (!nearest || at > nearest.x)) nearest = { edge, x: at };
  });
  return nearest;
}
