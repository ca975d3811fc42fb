/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import * as tf from '@tensorflow/tfjs-core';
import { decoderWeights, WASM_PATH } from '../../../test/parity/realModel';
import { selectBackend } from '../runtime/selectBackend';
import type { Weights } from '../sam/weights';
import { FewshotDecoder, imageTokens } from './fewshotDecoder';
import { QUERY_TOKENS, startWeights } from './startWeights';

const MLPS = 'mask_decoder.output_hypernetworks_mlps';

describe('startWeights', () => {
  let sam: Weights;
  let start: Weights;
  beforeAll(async () => {
    sam = await decoderWeights();
    start = startWeights(sam);
  });

  it('starts both query tokens as the token of SAM’s first mask of three', () => {
    const { shape, data } = start.get(QUERY_TOKENS)!;
    const firstMask = sam.get('mask_decoder.mask_tokens.weight')!.data.slice(256, 512);
    expect(shape).toEqual([2, 256]);
    expect(data.slice(0, 256)).toEqual(firstMask);
    expect(data.slice(256)).toEqual(firstMask);
  });

  it.each([0, 1])('copies layer %i of the foreground’s hyper-network to the background', layer => {
    for (const part of ['weight', 'bias']) {
      const background = start.get(`${MLPS}.2.layers.${layer}.${part}`);
      expect(background).toEqual(sam.get(`${MLPS}.1.layers.${layer}.${part}`));
    }
  });

  it('negates the last layer', () => {
    for (const part of ['weight', 'bias']) {
      const foreground = sam.get(`${MLPS}.1.layers.2.${part}`)!;
      const background = start.get(`${MLPS}.2.layers.2.${part}`)!;
      expect(background.shape).toEqual(foreground.shape);
      expect(background.data).toEqual(foreground.data.map(value => -value));
    }
  });

  it('changes nothing else, and not SAM’s own weights', async () => {
    const changed = [...start.keys()].filter(name => start.get(name) !== sam.get(name));
    expect(changed.every(name => name === QUERY_TOKENS || name.startsWith(`${MLPS}.2.`))).toBe(
      true,
    );
    const untouched = await decoderWeights();
    expect([...start.keys()]).toEqual([...untouched.keys(), QUERY_TOKENS]);
    for (const [name, { data }] of sam) {
      expect(
        Buffer.compare(Buffer.from(data.buffer), Buffer.from(untouched.get(name)!.data.buffer)),
      ).toBe(0);
    }
  });

  it('makes a first prediction whose background is the mirror image of its foreground', async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    const targets = Float32Array.from({ length: 256 }, (_, i) => Math.sin(i) / 10);
    const decoder = new FewshotDecoder(start, targets);
    const embedding = Float32Array.from({ length: 256 * 16 }, (_, i) => Math.sin(i * i) / 3);
    const logits = tf.tidy(() => decoder.logits(imageTokens(embedding)).dataSync());
    decoder.dispose();

    const foreground = Array.from(logits.slice(0, 256));
    const background = Array.from(logits.slice(256));
    expect(Math.max(...foreground) - Math.min(...foreground)).toBeGreaterThan(0.1);
    foreground.forEach((logit, i) => expect(background[i]).toBeCloseTo(-logit, 4));
  });

  it('says what is missing', () => {
    const without = new Map(sam);
    without.delete('mask_decoder.mask_tokens.weight');
    expect(() => startWeights(without)).toThrow('lack "mask_decoder.mask_tokens.weight"');
  });
});
