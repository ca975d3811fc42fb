/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import * as tf from '@tensorflow/tfjs-core';
import { decoderWeights, WASM_PATH } from '../../../test/parity/realModel';
import { selectBackend } from '../runtime/selectBackend';
import type { Weights } from '../sam/weights';
import { FewshotDecoder, imageTokens } from './fewshotDecoder';
import { Segmenter } from './segmenter';
import { startWeights } from './startWeights';

const TARGETS = Float32Array.from({ length: 2 * 256 }, (_, i) => Math.sin(i) / 10);
/** 2 x 2 image tokens, so 8 x 8 pixels. */
const embedding = () => Float32Array.from({ length: 256 * 4 }, (_, i) => Math.sin(i * i) / 3);

describe('Segmenter', () => {
  let weights: Weights;
  beforeAll(async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    weights = startWeights(await decoderWeights());
  });

  it('returns foreground minus background, pixel rows from top to bottom', async () => {
    const segmenter = new Segmenter({ weights, targetEmbeddings: TARGETS });
    const logits = await segmenter.logits(embedding());
    segmenter.dispose();

    const decoder = new FewshotDecoder(weights, TARGETS);
    const [foreground, background] = tf.tidy(() =>
      decoder.logits(imageTokens(embedding())).arraySync(),
    );
    decoder.dispose();
    const difference = foreground.map((logit, i) => logit - background[i]);
    // The first token's 16 pixels, quarter by quarter, then the second token's to its right.
    expect([0, 1, 8, 9, 2].map(pixel => logits[pixel])).toEqual(difference.slice(0, 5));
    expect(logits[4]).toBe(difference[16]);
    expect(logits[63]).toBe(difference[63]);
  });

  it('frees its memory on the backend', async () => {
    const tensors = tf.memory().numTensors;
    const segmenter = new Segmenter({ weights, targetEmbeddings: TARGETS });
    await segmenter.logits(embedding());
    const after = tf.memory().numTensors;
    await segmenter.logits(embedding());
    expect(tf.memory().numTensors).toBe(after);
    segmenter.dispose();
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('rejects NaN', async () => {
    const segmenter = new Segmenter({ weights, targetEmbeddings: TARGETS });
    const broken = embedding();
    broken[100] = NaN;
    await expect(segmenter.logits(broken)).rejects.toMatchObject({
      code: 'bad-result',
      message: 'Segmenting failed: a pixel got the value NaN.',
    });
    segmenter.dispose();
  });

  it('rejects a constant result', async () => {
    const dead = new Map(weights);
    for (const [name, { shape, data }] of weights) {
      if (/hypernetworks_mlps\.\d\.layers\.2/.test(name)) {
        dead.set(name, { shape, data: data.map(() => 0) });
      }
    }
    const segmenter = new Segmenter({ weights: dead, targetEmbeddings: TARGETS });
    await expect(segmenter.logits(embedding())).rejects.toMatchObject({
      code: 'bad-result',
      message: 'Segmenting failed: every pixel got the value 0.',
    });
    segmenter.dispose();
  });
});
