import { contours } from 'd3-contour';
import { centerClearance } from './centerClearance';
import { fillPolygon } from './fillPolygon';
import { joinHoles } from './joinHoles';
import type { Point, Polygon } from './polygon';
import { simplifyRing } from './simplifyRing';

/** Pixels; tried until the polygon still has exactly the pixels of the mask. */
const TOLERANCES = [0.4, 0.2, 0];

/**
 * Least distance of a polygon from pixel centers, in pixels. Files round coordinates to a thousandth of a
 * pixel, and a center on the polygon itself could change sides.
 */
const CLEARANCE = 0.02;

/** Pieces with more pixel edges than this are jagged, or very large: simplifying them takes too long. */
const MOST_CORNERS = 2500;

/**
 * Traces a mask as polygons around its pixels, one for each piece, with few points. A polygon encloses the
 * centers of exactly the piece's pixels, keeps 0.02 pixels clear of all centers, and has the pixels' area. Holes are joined by keyholes.
 *
 * @param mask row-major, `rows * columns`, 1 inside
 * @returns in pixels; corners lie between pixel centers, up to half a pixel outside of the slice
 */
export function traceMask(mask: Uint8Array, columns: number, rows: number): Polygon[] {
  if (!mask.includes(1)) return [];
  const { coordinates } = contours()
    .size([columns, rows])
    .smooth(false)
    .contour(
      // d3 accepts any list of numbers.
      mask as unknown as number[],
      0.5,
    );
  return coordinates.map(([outer, ...holes]) =>
    tracePiece(fromRing(outer), holes.map(fromRing), columns, rows),
  );
}

/** Converts a ring of d3, where pixel centers lie at halves and the first point is repeated. */
function fromRing(ring: readonly (readonly number[])[]): Polygon {
  return ring.slice(0, -1).map(([x, y]): Point => [x - 0.5, y - 0.5]);
}

function tracePiece(
  outer: Polygon,
  holes: readonly Polygon[],
  columns: number,
  rows: number,
): Polygon {
  const corners = [outer, ...holes].reduce((sum, ring) => sum + ring.length, 0);
  if (corners > MOST_CORNERS) return joinHoles(alongPixels(outer), holes.map(alongPixels));
  const wanted = fillPolygon(joinHoles(outer, holes), columns, rows);
  const pixels = [outer, ...holes].map(ring => fillPolygon(ring, columns, rows).count);
  for (const tolerance of TOLERANCES) {
    const [outside, ...inside] = [outer, ...holes].map((ring, i) =>
      simplifyRing(ring, tolerance, pixels[i]),
    );
    const piece = joinHoles(outside, inside);
    const filled = fillPolygon(piece, columns, rows);
    const isSame =
      centerClearance(piece) >= CLEARANCE &&
      filled.count === wanted.count &&
      filled.inside.every((value, i) => value === wanted.inside[i]);
    if (isSame && ![outside, ...inside].some(crossesItself)) return piece;
  }
  return joinHoles(alongPixels(outer), holes.map(alongPixels));
}

/** Returns the edges of the pixels themselves, given a polygon through the edges' midpoints. */
function alongPixels(polygon: Polygon): Polygon {
  const isUpright = ([x]: Point) => !Number.isInteger(x);
  return polygon.flatMap((point, i): Point[] => {
    const next = polygon[(i + 1) % polygon.length];
    if (isUpright(point) === isUpright(next)) return [point];
    return [point, isUpright(point) ? [point[0], next[1]] : [next[0], point[1]]];
  });
}

function crossesItself(polygon: Polygon): boolean {
  const count = polygon.length;
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      if (crosses(polygon[i], polygon[i + 1], polygon[j], polygon[(j + 1) % count])) return true;
    }
  }
  return false;
}

/** Whether two lines cross in between their ends. */
function crosses([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point, [dx, dy]: Point): boolean {
  const c = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  const d = (bx - ax) * (dy - ay) - (by - ay) * (dx - ax);
  if (c * d >= 0) return false;
  const a = (dx - cx) * (ay - cy) - (dy - cy) * (ax - cx);
  const b = (dx - cx) * (by - cy) - (dy - cy) * (bx - cx);
  return a * b < 0;
}
