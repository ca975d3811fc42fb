import { farthestPoints } from './farthestPoints';
import { seededRandom } from './random';

const point = (...values: number[]) => Float32Array.from(values);
const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((v, at) => v - b[at]));

it('starts near the mean, then takes what lies farthest from all chosen', () => {
  const line = [0, 1, 2, 3, 10].map(x => point(x, 0));
  expect(farthestPoints(line, 3)).toEqual([3, 4, 0]);
});

it('takes no point twice, nor one that equals another', () => {
  const points = [point(1, 1), point(1, 1), point(2, 2)];
  expect(farthestPoints(points, 9)).toHaveLength(2);
  expect(farthestPoints([], 3)).toEqual([]);
});

it('leaves no point farther away than twice the best choice does', () => {
  const random = seededRandom(1);
  const points = Array.from({ length: 12 }, () => point(random(), random()));
  const radius = (chosen: number[]) =>
    Math.max(...points.map(p => Math.min(...chosen.map(c => distance(p, points[c])))));
  let best = Infinity;
  for (let a = 0; a < 12; a++) {
    for (let b = a + 1; b < 12; b++) {
      for (let c = b + 1; c < 12; c++) best = Math.min(best, radius([a, b, c]));
    }
  }
  expect(radius(farthestPoints(points, 3))).toBeLessThanOrEqual(2 * best);
});
