import { builtKernels } from '../../../test/parity/kernelDecoders';
import { seededRandom } from '../numeric/random';
import { createMatcher } from './matchKernel';
import { matchSlices } from './matchSlices';
import { toUnit } from './principalComponents';
import type { TokenGrid } from './tokenGrid';

const SIZE = 24;
const DIMENSIONS = 16;

/** Smooth enough that some tokens resemble each other. */
function grid(seed: number, rows: number, columns: number): TokenGrid {
  const random = seededRandom(seed);
  const features = Float32Array.from({ length: SIZE * SIZE * DIMENSIONS }, (_, i) => {
    const [token, d] = [Math.floor(i / DIMENSIONS), i % DIMENSIONS];
    const place = Math.sin(d + token / SIZE / 3 + seed / 5) + Math.cos(2 * d + (token % SIZE) / 3);
    return place + random() / 5;
  });
  toUnit(features, DIMENSIONS);
  const intensities = Float32Array.from({ length: SIZE * SIZE * 4 }, () => random() / 10);
  return { size: SIZE, features, dimensions: DIMENSIONS, intensities, rows, columns };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}

describe('matching in kernels', () => {
  it.each([
    ['one cell', 1, SIZE, SIZE],
    ['two by two cells', 4, SIZE, SIZE],
    ['four by four cells, and padding', 16, 17, 9],
  ])('is what plain JavaScript gives, %s', async (_, cells, rows, columns) => {
    const match = await createMatcher(await builtKernels(false), {
      size: SIZE,
      dimensions: DIMENSIONS,
    });
    const [target, source] = [grid(1, rows, columns), grid(2, rows, columns)];
    const random = seededRandom(3);
    const labels = Float32Array.from({ length: SIZE * SIZE * cells }, (_, i) =>
      Math.floor(i / cells) % 5 === 0 ? random() : 0,
    );
    const active = Uint8Array.from({ length: SIZE * SIZE }, () => (random() < 0.8 ? 1 : 0));
    for (const apart of [1, 4]) {
      const expected = matchSlices(target, source, labels, apart, active);
      const actual = match(target, source, labels, apart, active);
      const scale = Math.max(...expected.weights);
      expect(scale).toBeGreaterThan(0.01);
      expect(largestDifference(actual.weights, expected.weights)).toBeLessThan(1e-5 * scale);
      expect(largestDifference(actual.foreground, expected.foreground)).toBeLessThan(1e-5 * scale);
    }
  });
});
