import type { Point, Polygon } from './polygon';

/** Distances above this are reported as this, in pixels. */
const FAR = 0.25;

/**
 * Measures how close a polygon comes to the nearest pixel center. Centers on the polygon, or within the
 * rounding of a file, may fall on either side when the file is read.
 *
 * @param polygon closed, in pixels: centers are whole numbers
 * @returns distance in pixels, 0.25 at most
 */
export function centerClearance(polygon: Polygon): number {
  let least = FAR;
  polygon.forEach((start, i) => {
    const end = polygon[(i + 1) % polygon.length];
    // Along the axis in which the side is longer, the nearest center is beside a whole number.
    const along = Math.abs(end[0] - start[0]) >= Math.abs(end[1] - start[1]) ? 0 : 1;
    const [low, high] = start[along] <= end[along] ? [start, end] : [end, start];
    const slope = (high[1 - along] - low[1 - along]) / (high[along] - low[along] || 1);
    const last = Math.floor(high[along] + FAR);
    for (let line = Math.ceil(low[along] - FAR); line <= last; line++) {
      const across = Math.round(low[1 - along] + (line - low[along]) * slope);
      const center: Point = along === 0 ? [line, across] : [across, line];
      least = Math.min(least, distance(center, low, high));
    }
  });
  return least;
}

/** Distance of a point from a line between two points. */
function distance([x, y]: Point, [ax, ay]: Point, [bx, by]: Point): number {
  const [dx, dy] = [bx - ax, by - ay];
  const part = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1);
  const nearest = Math.min(1, Math.max(0, part));
  return Math.hypot(x - ax - nearest * dx, y - ay - nearest * dy);
}
