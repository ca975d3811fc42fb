/**
 * Chooses points that together represent all of them: first the one nearest to the mean, then each time the one
 * farthest from all chosen so far. Every other point lies at most twice as far from a chosen one as with the best
 * choice.
 *
 * Source: Gonzalez, "Clustering to minimize the maximum intercluster distance" (1985).
 *
 * @param points of equal length
 * @param count at least 1
 * @returns indices in the order in which they were chosen; fewer than `count` if there are fewer distinct points
 */
export function farthestPoints(points: readonly Float32Array[], count: number): number[] {
  if (points.length === 0) return [];
  const mean = new Float32Array(points[0].length);
  for (const point of points) point.forEach((value, at) => (mean[at] += value / points.length));
  const toMean = points.map(point => squaredDistance(point, mean));
  const chosen = [toMean.indexOf(Math.min(...toMean))];
  const toChosen = points.map(point => squaredDistance(point, points[chosen[0]]));
  while (chosen.length < count) {
    const farthest = toChosen.indexOf(Math.max(...toChosen));
    if (toChosen[farthest] === 0) break;
    chosen.push(farthest);
    points.forEach((point, at) => {
      toChosen[at] = Math.min(toChosen[at], squaredDistance(point, points[farthest]));
    });
  }
  return chosen;
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, at) => sum + (value - b[at]) ** 2, 0);
}
