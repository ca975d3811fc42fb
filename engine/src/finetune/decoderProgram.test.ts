/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Compares the decoder's program with the same decoder in TensorFlow.js, with SAM's real weights. */
import { kernelDecoders } from '../../../test/parity/kernelDecoders';
import { decoderWeights, WASM_PATH } from '../../../test/parity/realModel';
import { fit } from './fit';
import type { Shot } from './decoderEngine';
import { startWeights } from './startWeights';
import { tfjsEngine } from './tfjsEngine';
import { testValues } from '../numeric/comparison';
import { selectBackend } from '../runtime/selectBackend';
import type { Weights } from '../sam/weights';
import { usedNames } from '../sam/decoderNames';
import { packParameters, parameterLayout, unpackParameters } from '../sam/parameterLayout';

const SIZE = 4;
const SIDE = 4 * SIZE;

const wave = (length: number, seed: number) => testValues(length, seed).map(value => value / 2);
const shot = (seed: number): Shot => ({
  embedding: wave(256 * SIZE * SIZE, seed),
  coverage: wave(SIDE * SIDE, seed + 1).map(value => Math.max(0, 2 * value)),
  // The last rows are padding.
  valid: Float32Array.from({ length: SIDE * SIDE }, (_, i) => (i < SIDE * 13 ? 1 : 0)),
});
const SHOTS = [shot(1), shot(2)];
const TARGETS = wave(5 * 256, 3);

let start: Weights;
beforeAll(async () => {
  await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
  start = startWeights(await decoderWeights());
});

const engine = async (threads: number) => (await kernelDecoders(threads)).decoders;

/** Largest difference of two sets of weights, each tensor relative to its largest value. */
function largestDifference(a: Weights, b: Weights): { name: string; difference: number } {
  let worst = { name: '', difference: 0 };
  for (const [name, { data }] of a) {
    const other = b.get(name)!.data;
    const largest = data.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-6);
    data.forEach((value, i) => {
      const difference = Math.abs(value - other[i]) / largest;
      if (!(difference <= worst.difference)) worst = { name, difference };
    });
  }
  return worst;
}

describe.each([1, 2])('the decoder’s program on %i threads', threads => {
  it('has the same loss as TensorFlow.js, and the same weights after some updates', async () => {
    const settings = { learningRate: 1e-3, betas: [0.9, 0.99] } as const;
    const train = async ({ train }: typeof tfjsEngine) => {
      const trainer = await train(start, TARGETS, SHOTS, settings);
      const losses: number[] = [];
      for (const batch of [[0], [1, 0], [1]]) {
        for (const one of batch) {
          losses.push(await (await trainer.addGradients(one)).loss);
        }
        await trainer.update();
      }
      const weights = await trainer.read();
      trainer.dispose();
      return { losses, weights };
    };
    const expected = await train(tfjsEngine);
    const actual = await train(await engine(threads));
    actual.losses.forEach((loss, i) => expect(loss).toBeCloseTo(expected.losses[i], 3));
    // Adam's first updates are about the learning rate whatever the size of the gradient, so a gradient that
    // is zero but for rounding, such as that of a key's bias, moves its weight either way.
    for (const weights of [expected.weights, actual.weights]) {
      for (const name of weights.keys()) if (name.includes('k_proj.bias')) weights.delete(name);
    }
    const { name, difference } = largestDifference(expected.weights, actual.weights);
    expect([name, difference < 0.02]).toEqual([name, true]);
  });

  it('segments like TensorFlow.js', async () => {
    const fitted = { weights: start, targetEmbeddings: TARGETS };
    const segment = async ({ segmenter }: typeof tfjsEngine) => {
      const one = await segmenter(fitted);
      const logits = await one.logits(SHOTS[0].embedding);
      one.dispose();
      return logits;
    };
    const expected = await segment(tfjsEngine);
    const actual = await segment(await engine(threads));
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    expect(largest).toBeGreaterThan(1);
    actual.forEach((logit, i) =>
      expect(Math.abs(logit - expected[i])).toBeLessThan(1e-4 * largest),
    );
  });

  it('learns the same twice', async () => {
    const options = { iterations: 3, engine: await engine(threads) };
    const first = await fit(start, SHOTS, options);
    const again = await fit(start, SHOTS, options);
    expect(again.losses).toEqual(first.losses);
    expect(largestDifference(first.weights, again.weights).difference).toBe(0);
  });
});

describe('parameterLayout', () => {
  it('unpacks the weights it packed', () => {
    const names = usedNames(start, [1, 2]);
    const layout = parameterLayout(start, names);
    const back = unpackParameters(layout, packParameters(layout, start));
    for (const name of names) {
      expect(back.get(name)!.shape).toEqual(start.get(name)!.shape);
      expect(back.get(name)!.data).toEqual(start.get(name)!.data);
    }
  });

  it('starts each weight where WebGPU can bind it', () => {
    const layout = parameterLayout(start, [...start.keys()]);
    for (const { offset } of layout.places.values()) expect(offset % 64).toBe(0);
  });
});
