import simplify from 'simplify-js';
import { signedArea, type Point, type Polygon } from './polygon';

/** Moves of the sides until a polygon has the wanted area. */
const ROUNDS = 8;
/** Farthest that a corner is moved, in multiples of the sides' own move. */
const LONGEST_MITER = 2;

/**
 * Removes points of a closed polygon (Douglas-Peucker), then moves its sides evenly so that it has a given
 * area. Chords would otherwise shrink a round shape.
 *
 * @param tolerance in pixels; 0 removes only points on a straight line
 * @param area in pixels, positive
 */
export function simplifyRing(polygon: Polygon, tolerance: number, area: number): Polygon {
  return withArea(withFewPoints(polygon, tolerance), area);
}

/** Splits the ring at two points that are far apart: the algorithm keeps the ends of a line. */
function withFewPoints(polygon: Polygon, tolerance: number): Polygon {
  const start = farthest(polygon, polygon[0]);
  const turned = [...polygon.slice(start), ...polygon.slice(0, start)];
  const middle = farthest(turned, turned[0]);
  const line = (points: Polygon) =>
    simplify(
      points.map(([x, y]) => ({ x, y })),
      Math.max(tolerance, 1e-9),
      true,
    ).map(({ x, y }): Point => [x, y]);
  const few = [
    ...line(turned.slice(0, middle + 1)).slice(0, -1),
    ...line([...turned.slice(middle), turned[0]]).slice(0, -1),
  ];
  return few.length >= 3 ? few : polygon;
}

function farthest(polygon: Polygon, [x, y]: Point): number {
  const distance = ([px, py]: Point) => (px - x) ** 2 + (py - y) ** 2;
  return polygon.reduce(
    (best, point, i) => (distance(point) > distance(polygon[best]) ? i : best),
    0,
  );
}

function withArea(polygon: Polygon, area: number): Polygon {
  let moved = polygon;
  for (let round = 0; round < ROUNDS; round++) {
    const missing = area - Math.abs(signedArea(moved));
    if (Math.abs(missing) < 1e-4 * area) break;
    moved = withSidesMoved(moved, missing / perimeter(moved));
  }
  return moved;
}

function perimeter(polygon: Polygon): number {
  return polygon.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length];
    return sum + Math.hypot(nextX - x, nextY - y);
  }, 0);
}

/** Moves all sides outward by a distance in pixels; inward when it is negative. */
function withSidesMoved(polygon: Polygon, distance: number): Polygon {
  const sign = Math.sign(signedArea(polygon)) || 1;
  const normals = polygon.map(([x, y], i): Point => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length];
    const size = Math.hypot(nextX - x, nextY - y) || 1;
    return [(sign * (nextY - y)) / size, (-sign * (nextX - x)) / size];
  });
  return polygon.map(([x, y], i): Point => {
    const [ax, ay] = normals.at(i - 1)!;
    const [bx, by] = normals[i];
    // The corner of both moved sides lies along their mean normal.
    const scale = distance / Math.max(1 + ax * bx + ay * by, 1 / LONGEST_MITER);
    return [x + (ax + bx) * scale, y + (ay + by) * scale];
  });
}
