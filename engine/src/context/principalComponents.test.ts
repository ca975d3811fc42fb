import { PLAIN_PRODUCTS } from './featureProducts';
import * as components from './principalComponents';

/** Points that spread along (3, 4, 0) / 5 by 10 and along z by 1, around (1, 2, 3): [3, n]. */
const N = 50;
const LONG = Array.from({ length: N }, (_, i) => 10 * Math.cos(2.4 * i));
const SHORT = Array.from({ length: N }, (_, i) => Math.sin(1.7 * i * i));
const POINTS = Float32Array.from([
  ...LONG.map(long => 1 + 0.6 * long),
  ...LONG.map(long => 2 + 0.8 * long),
  ...SHORT.map(short => 3 + short),
]);

const principalComponents = (points: Float32Array[], channels: number, dimensions: number) =>
  components.principalComponents(points, channels, dimensions, PLAIN_PRODUCTS);
async function projectToUnit(
  points: Float32Array,
  { mean, axes, dimensions }: components.Projection,
): Promise<Float32Array> {
  const projected = await PLAIN_PRODUCTS.project(points, mean, axes);
  components.toUnit(projected, dimensions);
  return projected;
}

describe('principalComponents', () => {
  it('finds the direction in which points vary most', async () => {
    const { axes, mean } = await principalComponents([POINTS], 3, 1);
    const sign = Math.sign(axes[0]);
    expect(axes[0] * sign).toBeCloseTo(0.6, 2);
    expect(axes[1] * sign).toBeCloseTo(0.8, 2);
    expect(axes[2]).toBeCloseTo(0, 1);
    expect(mean[2]).toBeCloseTo(3 + SHORT.reduce((a, b) => a + b) / N, 4);
  });

  it('has orthonormal axes', async () => {
    const { axes } = await principalComponents([POINTS], 3, 2);
    const dot = (a: number, b: number) =>
      [0, 1, 2].reduce((sum, i) => sum + axes[a * 3 + i] * axes[b * 3 + i], 0);
    expect(dot(0, 0)).toBeCloseTo(1, 5);
    expect(dot(1, 1)).toBeCloseTo(1, 5);
    expect(dot(0, 1)).toBeCloseTo(0, 5);
  });

  it('takes several arrays as one', async () => {
    const halves = [0, N / 2].map(start =>
      Float32Array.from(
        [0, 1, 2].flatMap(c => [...POINTS.slice(c * N + start, c * N + start + N / 2)]),
      ),
    );
    const one = await principalComponents([POINTS], 3, 2);
    const two = await principalComponents(halves, 3, 2);
    one.axes.forEach((value, i) => expect(two.axes[i]).toBeCloseTo(value, 4));
  });

  it('gives unit vectors, and none where nothing varies', async () => {
    const projected = await projectToUnit(POINTS, await principalComponents([POINTS], 3, 2));
    for (let i = 0; i < N; i++) {
      expect(Math.hypot(projected[2 * i], projected[2 * i + 1])).toBeCloseTo(1, 5);
    }
    const flat = new Float32Array(3 * N).fill(7);
    const nothing = await projectToUnit(flat, await principalComponents([flat], 3, 2));
    expect(nothing.every(v => v === 0)).toBe(true);
  });
});
