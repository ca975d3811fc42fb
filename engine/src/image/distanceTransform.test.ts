import { squaredDistances } from './distanceTransform';
import type { Triple } from '../geometry/grid';

/** Every distance to every feature, by Pythagoras. */
function bruteForce(features: Uint8Array, [nx, ny, nz]: Triple, spacing: Triple): number[] {
  const positions = Array.from({ length: nx * ny * nz }, (_, i) =>
    [i % nx, Math.floor(i / nx) % ny, Math.floor(i / (nx * ny))].map(
      (p, axis) => p * spacing[axis],
    ),
  );
  const sources = positions.filter((_, i) => features[i]);
  return positions.map(p =>
    Math.min(
      Infinity,
      ...sources.map(q => p.reduce((sum, value, i) => sum + (value - q[i]) ** 2, 0)),
    ),
  );
}

/** Repeatable pseudo-random numbers 0..1 (Park and Miller). */
function* randoms(seed: number) {
  for (let state = seed; ;) yield (state = (state * 48271) % 2147483647) / 2147483647;
}

describe('squaredDistances', () => {
  it('measures in mm along each axis', () => {
    const features = Uint8Array.of(1, 0, 0, 0, 0, 0);
    // Two rows 2 mm apart of three columns 1 mm apart.
    expect([...squaredDistances(features, [3, 2, 1], [1, 2, 9])]).toEqual([0, 1, 4, 4, 5, 8]);
  });

  it('is infinite where there is no feature', () => {
    expect([...squaredDistances(new Uint8Array(4), [2, 2, 1], [1, 1, 1])]).toEqual(
      Array(4).fill(Infinity),
    );
  });

  it.each<[Triple, Triple, number]>([
    [[7, 5, 6], [1, 1, 1], 0.1],
    [[9, 8, 4], [0.977, 0.977, 5], 0.05],
    [[4, 11, 5], [3, 0.5, 1.25], 0.5],
    [[1, 6, 7], [1, 2, 3], 0.1],
    [[6, 6, 6], [0.7, 1.9, 2.3], 0.004],
  ])('agrees with brute force on %j at %j mm', (size, spacing, density) => {
    const random = randoms(42 + size[0]);
    const features = new Uint8Array(size[0] * size[1] * size[2]).map(() =>
      (random.next().value as number) < density ? 1 : 0,
    );
    features[features.length >> 1] = 1;
    const expected = bruteForce(features, size, spacing);
    squaredDistances(features, size, spacing).forEach((value, i) =>
      expect(value).toBeCloseTo(expected[i], 9),
    );
  });
});
