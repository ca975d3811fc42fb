import { builtKernels } from '../../../test/parity/kernelDecoders';
import { testValues } from '../numeric/comparison';
import { createWasmExecutor } from '../program/wasm/executor';
import { seededRandom } from '../numeric/random';
import {
  chooseCorner,
  cropped,
  fitHead,
  HEAD_SHAPE,
  TRAINED_CELLS,
  type CreateExecutor,
  type HeadShot,
} from './fitHead';
import { headProgram } from './headProgram';

const { size, channels } = HEAD_SHAPE;
const CELLS = size * size;

/** A disk that two of the channels tell from its surroundings; none without a radius. */
function disk(row: number, column: number, radius: number): HeadShot {
  const features = testValues(CELLS * channels, row + column);
  const coverage = new Float32Array(CELLS);
  for (let cell = 0; cell < CELLS; cell++) {
    const distance = Math.hypot(Math.floor(cell / size) - row, (cell % size) - column);
    if (distance >= radius) continue;
    coverage[cell] = 1;
    features[cell * channels] += 2;
    features[cell * channels + 1] -= 2;
  }
  return { features, coverage };
}

describe('fitting a head', () => {
  let createExecutor: CreateExecutor;
  beforeAll(async () => {
    const kernels = await builtKernels();
    createExecutor = program => createWasmExecutor(program, kernels, 1);
  });

  const diceOf = async (parameters: Float32Array, { features, coverage }: HeadShot) => {
    const head = headProgram(HEAD_SHAPE, null);
    const executor = await createExecutor(head.program);
    executor.write(head.parameters, parameters);
    executor.write(head.features, features);
    await executor.run('forward');
    const pair = await executor.read(head.logits);
    executor.dispose();
    let [both, sum] = [0, 0];
    for (let cell = 0; cell < CELLS; cell++) {
      const found = pair[cell] > pair[CELLS + cell] ? 1 : 0;
      both += found * coverage[cell];
      sum += found + coverage[cell];
    }
    return (2 * both) / sum;
  };

  it('finds what it was shown on another slice, among empty ones too', async () => {
    const shots = [disk(20, 20, 5), disk(40, 30, 6), disk(30, 30, 0), disk(30, 20, 0)];
    const options = { seed: 1, updates: 25 };
    const { parameters, losses } = await fitHead(shots, options, createExecutor);
    expect(losses).toHaveLength(25);
    expect(losses.at(-1)!).toBeLessThan(losses[0] / 3);
    expect(await diceOf(parameters, disk(25, 42, 6))).toBeGreaterThan(0.8);

    const again = await fitHead(shots, { ...options, updates: 3 }, createExecutor);
    expect(again.losses).toEqual(losses.slice(0, 3));
  }, 120_000);

  it('says when the loss is no longer a number', async () => {
    const shot = disk(20, 20, 5);
    shot.features.fill(NaN);
    await expect(fitHead([shot], { seed: 0, updates: 1 }, createExecutor)).rejects.toMatchObject({
      code: 'bad-result',
      message: expect.stringContaining('NaN'),
    });
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const fitting = fitHead(
      [disk(20, 20, 5)],
      {
        ...{ seed: 0, updates: 100, signal: controller.signal },
        onProgress: ({ done }) => done === 1 && controller.abort(),
      },
      createExecutor,
    );
    await expect(fitting).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the part of a slice that an update sees', () => {
  it('holds the whole structure wherever it is chosen', () => {
    const random = seededRandom(1);
    const { coverage } = disk(8, 50, 5);
    const corners = Array.from({ length: 200 }, () => chooseCorner(coverage, random));
    for (const { row, column } of corners) {
      expect(row).toBeLessThanOrEqual(4);
      expect(row).toBeGreaterThanOrEqual(-3);
      expect(column).toBeGreaterThan(50 + 4 - TRAINED_CELLS);
      expect(column).toBeLessThanOrEqual(size - TRAINED_CELLS + 3);
    }
    expect(new Set(corners.map(({ row }) => row)).size).toBeGreaterThan(5);
    // One that is too large, and none at all: anywhere.
    for (const shown of [new Float32Array(size * size).fill(1), new Float32Array(size * size)]) {
      const rows = Array.from({ length: 200 }, () => chooseCorner(shown, random).row);
      expect([Math.min(...rows), Math.max(...rows)]).toEqual([-3, size - TRAINED_CELLS + 3]);
    }
  });

  it('moves features and coverage together, and what is beyond the slice has no weight', () => {
    const shot = disk(20, 30, 1);
    const { features, coverage, weights } = cropped(shot, { row: 10, column: -3 });
    const [from, to] = [20 * size + 30, 10 * TRAINED_CELLS + 33];
    expect(coverage[to]).toBe(1);
    expect(coverage.reduce((sum, share) => sum + share)).toBe(1);
    expect(features.subarray(to * channels, (to + 1) * channels)).toEqual(
      shot.features.subarray(from * channels, (from + 1) * channels),
    );
    expect(weights[to]).toBe(1);
    expect(weights[to + 1]).toBeCloseTo(0.1);
    expect([...weights.subarray(0, 4)].map(weight => weight > 0)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    const beyond = cropped(shot, { row: size - TRAINED_CELLS + 3, column: 0 });
    expect(beyond.weights.subarray(-3 * TRAINED_CELLS).every(weight => weight === 0)).toBe(true);
  });
});
