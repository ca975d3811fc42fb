/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/**
 * Learning with SAM's real weights, on images of 4 x 4 tokens instead of 64 x 64. Tests with many updates run on
 * our own kernels, the others on TensorFlow.js, which takes ten times as long. `decoderProgram.test.ts` shows that
 * both learn the same.
 */
import * as tf from '@tensorflow/tfjs-core';
import { kernelDecoders } from '../../../test/parity/kernelDecoders';
import { decoderWeights, WASM_PATH } from '../../../test/parity/realModel';
import type { Progress } from '../platform/progress';
import { selectBackend } from '../runtime/selectBackend';
import type { Weights } from '../sam/weights';
import { checkFindsShots } from './checkFindsShots';
import { defaultIterations, fit, furtherIterations, visits, type FitOptions } from './fit';
import { createSegmenter } from './createSegmenter';
import type { Decoders, FittedDecoder, Shot, Trainer } from './decoderEngine';
import { seededRandom } from '../numeric/random';
import { targetEmbedding } from './targetEmbedding';

const SIZE = 4;
const SIDE = 4 * SIZE;

/** A disk whose image tokens differ from the background in every channel, plus noise. */
function shot(centerRow: number, centerColumn: number, seed: number): Shot {
  const random = seededRandom(seed);
  const isInside = (row: number, column: number) =>
    Math.hypot(row - centerRow, column - centerColumn) < 5;
  const coverage = Float32Array.from({ length: SIDE * SIDE }, (_, i) =>
    isInside(Math.floor(i / SIDE), i % SIDE) ? 1 : 0,
  );
  const embedding = Float32Array.from({ length: 256 * SIZE * SIZE }, (_, i) => {
    const channel = Math.floor(i / (SIZE * SIZE));
    const row = 4 * Math.floor((i % (SIZE * SIZE)) / SIZE) + 1.5;
    const column = 4 * (i % SIZE) + 1.5;
    const sign = isInside(row, column) ? 1 : -1;
    return 0.2 * sign * Math.sin(channel * channel) + 0.05 * (random() - 0.5);
  });
  return { embedding, coverage, valid: new Float32Array(SIDE * SIDE).fill(1) };
}

/** A tensor in the middle of the network. */
const LIN2 = 'mask_decoder.transformer.layers.1.mlp.lin2.weight';

const SHOTS = [shot(5, 5, 1), shot(9, 6, 2), shot(7, 10, 3)];

/** Background without a disk. */
function emptyShot(seed: number): Shot {
  const { embedding, coverage, valid } = shot(-100, -100, seed);
  return { embedding, coverage, valid };
}

const EMPTY = Array.from({ length: 15 }, (_, i) => emptyShot(20 + i));

/** Intersection over union of the segmentation and the drawn mask. */
async function iou(
  fitted: FittedDecoder,
  { embedding, coverage }: Shot,
  engine: Decoders,
): Promise<number> {
  const segmenter = await createSegmenter(fitted, engine);
  const logits = await segmenter.logits(embedding);
  segmenter.dispose();
  let [intersection, union] = [0, 0];
  logits.forEach((logit, i) => {
    if (logit > 0 && coverage[i] === 1) intersection++;
    if (logit > 0 || coverage[i] === 1) union++;
  });
  return intersection / union;
}

/** Whether two sets of weights are equal bit by bit. */
function areEqual(a: Weights, b: Weights): boolean {
  return [...a].every(
    ([name, { data }]) => Buffer.compare(bytesOf(data), bytesOf(b.get(name)!.data)) === 0,
  );
}
const bytesOf = (values: Float32Array) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

describe('fit', () => {
  let sam: Weights;
  let engine: Decoders;
  beforeAll(async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    sam = await decoderWeights();
    ({ decoders: engine } = await kernelDecoders());
  });

  it('learns: the loss falls, and a new image is segmented', async () => {
    const fitted = await fit(sam, SHOTS, { iterations: 30, engine });
    const mean = (losses: number[]) => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    expect(fitted.losses.length).toBe(30);
    expect(mean(fitted.losses.slice(-3))).toBeLessThan(mean(fitted.losses.slice(0, 3)) / 2);

    const untrained = await fit(sam, SHOTS, { iterations: 0, engine });
    const unseen = shot(9, 9, 4);
    expect(await iou(untrained, unseen, engine)).toBeLessThan(0.3);
    expect(await iou(fitted, unseen, engine)).toBeGreaterThan(0.5);
  });

  it('leaks no tensor, neither per step nor per run', async () => {
    const before = tf.memory();
    const during: number[] = [];
    const bytes: number[] = [];
    await fit(sam, SHOTS, {
      iterations: 20,
      onProgress: ({ done }) => {
        if (done === 0) return;
        during.push(tf.memory().numTensors);
        bytes.push(tf.memory().numBytes);
      },
    });
    expect(during.length).toBe(20);
    expect(new Set(during).size).toBe(1);
    expect(new Set(bytes).size).toBe(1);
    expect(during[0]).toBeGreaterThan(before.numTensors);
    expect(tf.memory().numTensors).toBe(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
  });

  it('gives identical weights for the same seed, different ones for another', async () => {
    const first = await fit(sam, SHOTS, { iterations: 4, seed: 5, engine });
    const again = await fit(sam, SHOTS, { iterations: 4, seed: 5, engine });
    const other = await fit(sam, SHOTS, { iterations: 4, seed: 6, engine });
    expect(again.losses).toEqual(first.losses);
    expect(areEqual(first.weights, again.weights)).toBe(true);
    expect(other.losses).not.toEqual(first.losses);
    expect(areEqual(first.weights, other.weights)).toBe(false);
  });

  it('trains every tensor without changing its input', async () => {
    const { weights } = await fit(sam, SHOTS, { iterations: 1 });
    expect(areEqual(sam, await decoderWeights())).toBe(true);
    const unchanged = [...weights.keys()].filter(
      name =>
        sam.has(name) && bytesOf(sam.get(name)!.data).equals(bytesOf(weights.get(name)!.data)),
    );
    expect(unchanged).toEqual(['prompt_encoder.pe_layer.positional_encoding_gaussian_matrix']);
  });

  it('moves no value by more than the learning rate in the first update, like Adam', async () => {
    const still = await fit(sam, SHOTS, { iterations: 0 });
    const { weights } = await fit(sam, SHOTS, { iterations: 1 });
    let furthest = 0;
    for (const [name, { data }] of weights) {
      const start = still.weights.get(name)!.data;
      data.forEach((value, i) => (furthest = Math.max(furthest, Math.abs(value - start[i]))));
    }
    expect(furthest).toBeLessThan(1.01e-4);
    expect(furthest).toBeGreaterThan(0.9e-4);
  });

  it('sums the gradients of several shots for one update', async () => {
    const pair = SHOTS.slice(0, 2);
    // Adam's first update is the sign of the gradient times the learning rate.
    const step = async (options: FitOptions) => {
      const { weights, losses } = await fit(sam, pair, { iterations: 1, ...options });
      const start = sam.get(LIN2)!.data;
      return {
        loss: losses[0],
        signs: weights.get(LIN2)!.data.map((x, i) => Math.sign(x - start[i])),
      };
    };
    const [one, other] = [await step({ seed: 0 }), await step({ seed: 1 })];
    expect(one.loss).not.toBe(other.loss); // The seeds begin with different shots.
    const both = await step({ shotsPerIteration: 2 });

    expect(both.loss).toBeCloseTo((one.loss + other.loss) / 2, 4);
    const count = (isCounted: (i: number) => boolean) =>
      Array.from(both.signs.keys()).filter(isCounted).length;
    const agreed = (i: number) => one.signs[i] === other.signs[i];
    expect(count(i => agreed(i) && both.signs[i] !== one.signs[i])).toBe(0);
    expect(count(i => !agreed(i) && both.signs[i] === one.signs[i])).toBeGreaterThan(100);
    expect(count(i => !agreed(i) && both.signs[i] === other.signs[i])).toBeGreaterThan(100);
  });

  const checkFinds = async (fitted: FittedDecoder) => {
    const segmenter = await createSegmenter(fitted, engine);
    try {
      await checkFindsShots([...EMPTY, ...SHOTS], ({ embedding }) => segmenter.logits(embedding));
    } finally {
      segmenter.dispose();
    }
  };

  it('still finds the structure when most shots do not show it', async () => {
    const fitted = await fit(sam, [...EMPTY, ...SHOTS], { iterations: 30, engine });
    expect(await iou(fitted, shot(9, 9, 4), engine)).toBeGreaterThan(0.5);
    await expect(checkFinds(fitted)).resolves.toBeUndefined();
  });

  it('is rejected when it finds nothing on the slices that show the structure', async () => {
    // Only the prompts show the structure.
    const collapsed = await fit(sam, EMPTY, { iterations: 20, prompts: SHOTS, engine });
    expect(await iou(collapsed, SHOTS[0], engine)).toBe(0);
    await expect(checkFinds(collapsed)).rejects.toMatchObject({
      code: 'bad-result',
      message: expect.stringContaining('not found on any of the 3 slices'),
      remedy: expect.stringContaining('exclude some of the 15 slices without it'),
    });
  });

  it('continues from fitted weights', async () => {
    const first = await fit(sam, SHOTS, { iterations: 10, engine });
    const more = await fit(first.weights, SHOTS, { iterations: 1, engine });
    expect(more.losses[0]).toBeLessThan(first.losses[0]);
  });

  it('learns a correction in fewer updates than from the start, and no worse', async () => {
    const before = await fit(sam, SHOTS, { iterations: 10, engine });
    const corrected = [...SHOTS, shot(10, 10, 5)];
    const fresh = await fit(sam, corrected, { iterations: 10, engine });
    const further = await fit(before.weights, corrected, { iterations: 4, engine });
    const last = ({ losses }: FittedDecoder) => losses.slice(-4).reduce((sum, loss) => sum + loss);
    expect(last(further)).toBeLessThanOrEqual(last(fresh));
  });

  it('makes fewer updates by default when the weights are already fitted', async () => {
    const fitted = await fit(sam, SHOTS, { iterations: 0 });
    const totals: number[] = [];
    for (const weights of [sam, fitted.weights]) {
      const controller = new AbortController();
      const onProgress = ({ total }: Progress) => {
        totals.push(total);
        controller.abort();
      };
      const fitting = fit(weights, SHOTS, { onProgress, signal: controller.signal });
      await expect(fitting).rejects.toMatchObject({ code: 'cancelled' });
    }
    expect(totals).toEqual([50, 20]);
  });

  it('prompts with half the mean embedding of each labeled region', async () => {
    const { targetEmbeddings } = await fit(sam, SHOTS, { iterations: 0 });
    const expected = SHOTS.flatMap(({ embedding, coverage }) => [
      ...targetEmbedding(embedding, coverage).map(value => 0.5 * value),
    ]);
    expect([...targetEmbeddings]).toEqual(expected);
  });

  it('reports each update', async () => {
    const reports: Progress[] = [];
    await fit(sam, SHOTS, { iterations: 2, onProgress: progress => reports.push(progress) });
    expect(reports.map(({ phase, done, total }) => [phase, done, total])).toEqual([
      ['fit', 0, 2],
      ['fit', 1, 2],
      ['fit', 2, 2],
    ]);
  });

  it.each([
    ['between two updates', 3],
    ['before the first', 0],
  ])('stops %s when cancelled, and leaks no tensor', async (_, when) => {
    const before = tf.memory().numTensors;
    const controller = new AbortController();
    const reports: number[] = [];
    const fitting = fit(sam, SHOTS, {
      iterations: 50,
      signal: controller.signal,
      onProgress: ({ done }) => {
        reports.push(done);
        if (done === when) controller.abort();
      },
    });
    await expect(fitting).rejects.toMatchObject({ name: 'FewshotError', code: 'cancelled' });
    expect(reports.at(-1)).toBe(when);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('leaves no unhandled rejection of a loss when the next step fails', async () => {
    const lost = Promise.reject<number>(new Error('lost while it was read'));
    const handler = jest.spyOn(lost, 'catch');
    let steps = 0;
    const trainer: Trainer = {
      async addGradients() {
        if (steps++ > 0) throw new Error('lost');
        return { loss: lost };
      },
      update: async () => undefined,
      read: async () => sam,
      dispose: () => undefined,
    };
    const segmenter = () => Promise.reject(new Error('not learned'));
    const failing: Decoders = { train: async () => trainer, segmenter };
    const fitting = fit(sam, SHOTS, { iterations: 2, shotsPerIteration: 2, engine: failing });
    await expect(fitting).rejects.toThrow('lost');
    expect(handler).toHaveBeenCalled();
  });

  it('can be cancelled by a message that arrives during a step', async () => {
    const controller = new AbortController();
    const reports: number[] = [];
    setTimeout(() => controller.abort(), 0);
    const fitting = fit(sam, SHOTS, {
      iterations: 50,
      signal: controller.signal,
      onProgress: ({ done }) => reports.push(done),
    });
    await expect(fitting).rejects.toMatchObject({ code: 'cancelled' });
    expect(reports).toEqual([0]);
  });

  it('fails with bad-result when an embedding contains NaN, and leaks no tensor', async () => {
    const before = tf.memory().numTensors;
    const broken = { ...SHOTS[1], embedding: SHOTS[1].embedding.slice() };
    broken.embedding[17] = NaN;
    await expect(fit(sam, [SHOTS[0], broken], { iterations: 4 })).rejects.toMatchObject({
      code: 'bad-result',
      message: expect.stringMatching(/^Learning failed: the loss became NaN at step \d/),
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('learns background from an empty slice, but never from empty slices alone', async () => {
    const empty = { ...SHOTS[0], coverage: new Float32Array(SIDE * SIDE) };
    await expect(fit(sam, [])).rejects.toMatchObject({ code: 'bad-input' });
    await expect(fit(sam, [empty])).rejects.toMatchObject({ code: 'bad-input' });

    const fitted = await fit(sam, [SHOTS[1], empty], { iterations: 2 });
    expect(fitted.targetEmbeddings).toHaveLength(256);
  });
});

describe('furtherIterations', () => {
  it('is a fraction of the updates from the start', () => {
    expect([1, 5, 6, 20, 21, 50].map(furtherIterations)).toEqual([20, 20, 32, 32, 40, 40]);
  });
});

describe('defaultIterations', () => {
  it('follows the paper for 5, 20 and 50 labeled images', () => {
    expect([1, 5, 6, 20, 21, 50].map(defaultIterations)).toEqual([50, 50, 80, 80, 100, 100]);
  });
});

describe('the order of visits', () => {
  const showing = { coverage: Float32Array.of(0, 1) };
  const empty = { coverage: Float32Array.of(0, 0) };
  const shots = (shown: number, absent: number) => [
    ...Array.from({ length: absent }, () => empty),
    ...Array.from({ length: shown }, () => showing),
  ];

  it('visits every shot once before repeating one', () => {
    const order = visits(shots(5, 0), 12, 3);
    expect([...order.slice(0, 5)].sort()).toEqual([0, 1, 2, 3, 4]);
    expect([...order.slice(5, 10)].sort()).toEqual([0, 1, 2, 3, 4]);
    expect(visits(shots(5, 0), 12, 3)).toEqual(order);
    // A few empty shots among many change nothing.
    expect(visits(shots(4, 1), 12, 3)).toEqual(order);
  });

  it('shows the structure in 65 % of the visits of each update when most shots are empty', () => {
    const order = visits(shots(5, 25), 240, 0);
    const shows = order.map(shot => shot >= 25);
    expect(shows.filter(Boolean)).toHaveLength(156);
    for (let update = 0; update < 60; update++) {
      const count = shows.slice(4 * update, 4 * update + 4).filter(Boolean).length;
      expect([2, 3]).toContain(count);
    }
    const times = (shot: number) => order.filter(visited => visited === shot).length;
    // 84 visits among 25 empty shots, 156 among 5 that show it.
    for (let shot = 0; shot < 25; shot++) expect([3, 4]).toContain(times(shot));
    for (let shot = 25; shot < 30; shot++) expect([31, 32]).toContain(times(shot));
  });
});
