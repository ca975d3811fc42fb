import { oriented, type Point, type Polygon } from './polygon';

/**
 * Joins a polygon and its holes into one polygon, a keyhole: from its outside it leads to each hole and back
 * on the same line. Programs that unite all contours and those that cut holes by XOR read it alike.
 *
 * @param holes inside of the polygon, apart from each other
 */
export function joinHoles(outer: Polygon, holes: readonly Polygon[]): Polygon {
  const leftmost = (polygon: Polygon) =>
    polygon.reduce((best, [x], i) => (x < polygon[best][0] ? i : best), 0);
  let joined: Point[] = [...oriented(outer, 1)];
  const fromLeft = holes
    .map(hole => oriented(hole, -1))
    .map(hole => ({ hole, start: leftmost(hole) }))
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
