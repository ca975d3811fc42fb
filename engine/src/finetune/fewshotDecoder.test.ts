/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Gradients of the decoder with SAM's real weights, on a grid of 4 x 4 image tokens. */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { inDoublePrecision } from '../../../test/parity/doublePrecision';
import { decoderWeights, WASM_PATH } from '../../../test/parity/realModel';
import { selectBackend } from '../runtime/selectBackend';
import type { Weights } from '../sam/weights';
import { toRowMajor, toTokenOrder } from '../sam/tokenOrder';
import { FewshotDecoder, imageTokens } from './fewshotDecoder';
import { seededRandom } from '../numeric/random';
import { segmentationLoss } from './segmentationLoss';
import { QUERY_TOKENS, startWeights } from './startWeights';

const SIZE = 4;
const SIDE = 4 * SIZE;

/** Every kind of layer, with the pattern of its tensor names. */
const KINDS: [kind: string, pattern: RegExp][] = [
  ['query tokens', /query_tokens/],
  ['self-attention', /self_attn/],
  ['attention of tokens to image', /layers.*token_to_image/],
  ['attention of image to tokens', /image_to_token/],
  ['final attention', /final_attn_token_to_image/],
  ['MLP', /mlp\.lin/],
  ['layer norm of tokens', /norm[123]|norm_final/],
  ['layer norm of image', /norm4/],
  ['transposed convolutions', /output_upscaling\.[03]/],
  ['layer norm of pixels', /output_upscaling\.1/],
  ['hyper-network of the foreground', /mlps\.1/],
  ['hyper-network of the background', /mlps\.2/],
];

/** Shifts all scores of a query by the same value, which softmax cancels. */
const NO_GRADIENT = /k_proj\.bias/;

/** Random values between -scale and scale. */
function drawn(length: number, scale: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length }, () => scale * (2 * random() - 1));
}

const EMBEDDING = drawn(256 * SIZE * SIZE, 0.3, 1);
const TARGETS = drawn(2 * 256, 0.1, 2);
const pixels = <T>(value: (row: number, column: number) => T) =>
  Array.from({ length: SIDE * SIDE }, (_, i) => value(Math.floor(i / SIDE), i % SIDE));
/** A disk with a soft edge. */
const COVERAGE = pixels((row, column) =>
  Math.min(1, Math.max(0, 5 - Math.hypot(row - 6, column - 7))),
);
/** The lowest three rows are padding. */
const VALID = pixels(row => (row < SIDE - 3 ? 1 : 0));

/** A decoder and its training target, on the current backend. */
class Problem {
  /** Under SAM's names. */
  readonly variables: Map<string, tf.Variable>;
  private readonly decoder: FewshotDecoder;
  private readonly image = imageTokens(Float32Array.from(EMBEDDING));
  private readonly target = tf.tensor1d(toTokenOrder(Float32Array.from(COVERAGE)));
  private readonly valid = tf.tensor1d(toTokenOrder(Float32Array.from(VALID)));

  constructor(weights: Weights) {
    const copied: Weights = new Map();
    for (const [name, { shape, data }] of weights) {
      copied.set(name, { shape, data: Float32Array.from(data) });
    }
    this.decoder = new FewshotDecoder(copied, Float32Array.from(TARGETS));
    const trained = [...weights.keys()].filter(name => KINDS.some(([, kind]) => kind.test(name)));
    const names = [...trained.filter(name => name !== QUERY_TOKENS), QUERY_TOKENS];
    this.variables = new Map(names.map((name, i) => [name, this.decoder.variables[i]]));
  }

  loss = (): tf.Scalar =>
    segmentationLoss(this.decoder.logits(this.image), this.target, this.valid);

  gradients(): Map<string, Float32Array> {
    const { value, grads } = tf.variableGrads(this.loss, [...this.variables.values()]);
    const gradients = new Map<string, Float32Array>();
    for (const [name, { name: key }] of this.variables) {
      gradients.set(name, grads[key].dataSync<'float32'>().slice());
    }
    tf.dispose([value, grads]);
    return gradients;
  }

  /** Returns the loss after moving each of these variables by `distance` along its direction. */
  lossAt(directions: Map<string, Float32Array>, distance: number): number {
    return tf.tidy(() => {
      const start = new Map([...directions.keys()].map(name => [name, this.values(name)]));
      for (const [name, direction] of directions) {
        const moved = start.get(name)!.map((value, i) => value + distance * direction[i]);
        this.assign(name, moved);
      }
      const loss = this.loss().dataSync()[0];
      start.forEach((values, name) => this.assign(name, values));
      return loss;
    });
  }

  /** Central difference of the loss along a direction. */
  slope(directions: Map<string, Float32Array>, step: number): number {
    return (this.lossAt(directions, step) - this.lossAt(directions, -step)) / (2 * step);
  }

  dispose(): void {
    this.decoder.dispose();
    tf.dispose([this.image, this.target, this.valid]);
  }

  private values(name: string): Float32Array {
    return this.variables.get(name)!.dataSync<'float32'>().slice();
  }

  private assign(name: string, values: Float32Array): void {
    const variable = this.variables.get(name)!;
    variable.assign(tf.tensor(values, variable.shape));
  }
}

/**
 * Returns a random direction for every tensor of a kind, scaled so that each tensor has the same weight in
 * the sum, however small its gradient.
 */
function randomDirections(
  gradients: Map<string, Float32Array>,
  kind: RegExp,
): Map<string, Float32Array> {
  const names = [...gradients.keys()].filter(name => kind.test(name) && !NO_GRADIENT.test(name));
  return new Map(
    names.map((name, seed) => {
      const gradient = gradients.get(name)!;
      const scale = Math.sqrt(3) / Math.sqrt(dot(gradient, gradient));
      return [name, Float32Array.from(drawn(gradient.length, scale, seed))];
    }),
  );
}

const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);
const largest = (values: Float32Array) =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('gradients of the FewshotDecoder', () => {
  let weights: Weights;
  let problem: Problem;
  /** In double precision. */
  let exact: Map<string, Float32Array>;

  beforeAll(async () => {
    jest.spyOn(console, 'warn').mockImplementation(); // tfjs recommends another package.
    weights = startWeights(await decoderWeights());
    await tf.setBackend('cpu');
    inDoublePrecision(() => {
      problem = new Problem(weights);
      exact = problem.gradients();
    });
  });
  afterAll(() => jest.restoreAllMocks());

  it('exist for all 101 tensors, each of one kind', () => {
    expect(exact.size).toBe(101);
    for (const name of exact.keys()) {
      expect([name, KINDS.filter(([, kind]) => kind.test(name)).length]).toEqual([name, 1]);
    }
  });

  it.each(KINDS)('agree with central differences: %s', (_, kind) => {
    inDoublePrecision(() => {
      const directions = randomDirections(exact, kind);
      const slopes = [...directions].map(([name, direction]) => dot(exact.get(name)!, direction));
      expect(Math.min(...slopes.map(Math.abs))).toBeGreaterThan(0.01);
      const sum = slopes.reduce((total, slope) => total + slope, 0);
      // Small compared to each tensor's share of the sum; tfjs' erf is no more accurate.
      expect(Math.abs(problem.slope(directions, 1e-6) - sum)).toBeLessThan(3e-5);
    });
  });

  it('match single precision on wasm', async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    const single = new Problem(weights);
    const gradients = single.gradients();
    single.dispose();
    for (const [name, expected] of exact) {
      const actual = gradients.get(name)!;
      const error = largest(actual.map((value, i) => value - expected[i]));
      const allowed = NO_GRADIENT.test(name) ? 1e-6 : 1e-3 * largest(expected);
      expect([name, error < allowed]).toEqual([name, true]);
    }
  });

  it('are zero for the biases of keys, which shift all scores of a query alike', () => {
    const biases = [...exact.keys()].filter(name => NO_GRADIENT.test(name));
    expect(biases.length).toBe(7);
    for (const name of biases) expect(largest(exact.get(name)!)).toBeLessThan(1e-12);
  });
});

describe('token order', () => {
  const ramp = Float32Array.from({ length: 64 }, (_, i) => i);

  it('groups the 16 pixels of an image token, quarter by quarter', () => {
    // 2 x 2 image tokens, so 8 x 8 pixels; the first token has rows 0..3 of columns 0..3.
    expect([...toTokenOrder(ramp).slice(0, 16)]).toEqual(
      [0, 1, 8, 9, 2, 3, 10, 11, 16, 17, 24, 25, 18, 19, 26, 27], //
    );
    expect(toTokenOrder(ramp)[16]).toBe(4);
    expect(toTokenOrder(ramp)[32]).toBe(32);
  });

  it('is undone by toRowMajor', () => {
    expect(toRowMajor(toTokenOrder(ramp))).toEqual(ramp);
  });
});

describe('FewshotDecoder', () => {
  it('names a missing tensor', async () => {
    const sam = startWeights(await decoderWeights());
    sam.delete(QUERY_TOKENS);
    expect(() => new FewshotDecoder(sam, Float32Array.from(TARGETS))).toThrow(
      expect.objectContaining({
        code: 'model-altered',
        message: `The decoder's weights lack "${QUERY_TOKENS}".`,
      }),
    );
  });
});
