/** A point in a slice in pixels: column, row. Pixel centers are whole numbers. */
export type Point = readonly [number, number];

/** A closed polygon; its last point is joined to its first, which is not repeated. */
export type Polygon = readonly Point[];

/** Returns twice the signed area of a polygon. */
function doubleArea(polygon: Polygon): number {
  return polygon.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = polygon[(i + 1) % polygon.length];
    return sum + x * nextY - nextX * y;
  }, 0);
}

/** Returns the area of a polygon in pixels; positive when it runs from columns to rows. */
export const signedArea = (polygon: Polygon): number => doubleArea(polygon) / 2;

/** Returns the points in the order that has the given sign of the area. */
export function oriented(polygon: Polygon, sign: 1 | -1): Polygon {
  return signedArea(polygon) * sign < 0 ? [...polygon].reverse() : polygon;
}
