import { contours } from 'd3-contour';
import { fillPolygon } from './fillPolygon';
import { joinHoles } from './joinHoles';
import { oriented, signedArea, type Point, type Polygon } from './polygon';
import { simplifyRing } from './simplifyRing';

/** Pixels; tried until the polygon still has exactly the pixels of the mask. */
const TOLERANCES = [0.4, 0.3, 0.2, 0.1, 0];

/**
 * Traces a mask as polygons around its pixels, one for each piece, with few points. A polygon encloses the
 * centers of exactly the piece's pixels, and has their area. Holes are joined by keyholes.
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
  const wanted = fillPolygon(joinHoles(outer, holes), columns, rows);
  const pixels = [outer, ...holes].map(ring => fillPolygon(ring, columns, rows).count);
  for (const tolerance of TOLERANCES) {
    const [outside, ...inside] = [outer, ...holes].map((ring, i) =>
      simplifyRing(ring, tolerance, pixels[i]),
    );
    const piece = joinHoles(outside, inside);
    const filled = fillPolygon(piece, columns, rows);
    const isSame =
      filled.count === wanted.count &&
      filled.inside.every((value, i) => value === wanted.inside[i]);
    if (isSame && ![outside, ...inside].some(crossesItself)) return piece;
  }
  return joinHoles(oriented(outer, 1), holes);
}

/** Most points of a polygon that is searched for crossings; longer ones are close to the pixels' edges. */
const MOST_SEARCHED = 2000;

function crossesItself(polygon: Polygon): boolean {
  const count = polygon.length;
  if (count > MOST_SEARCHED) return false;
  for (let i = 0; i < count; i++) {
    for (let j = i + 2; j < count; j++) {
      if (i === 0 && j === count - 1) continue;
      if (crosses(polygon[i], polygon[i + 1], polygon[j], polygon[(j + 1) % count])) return true;
    }
  }
  return false;
}

function crosses(a: Point, b: Point, c: Point, d: Point): boolean {
  const side = (p: Point, q: Point, r: Point) => signedArea([p, q, r]);
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0;
}
