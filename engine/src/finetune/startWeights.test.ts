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

  it('changes nothing else, nor its input', async () => {
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

  it('gives a first prediction whose background is the negated foreground', async () => {
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

  describe('with He initialization', () => {
    const deviation = (values: Float32Array) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    };
    let he: Weights;
    beforeAll(() => {
      he = startWeights(sam, 'he', 7);
    });

    it.each([
      ['mask_decoder.transformer.layers.0.mlp.lin1.weight', Math.sqrt(2 / 256)],
      ['mask_decoder.transformer.layers.0.mlp.lin2.weight', Math.sqrt(2 / 2048)],
      ['mask_decoder.output_upscaling.0.weight', Math.sqrt(2 / 256)],
    ])('draws %s with the deviation for its number of inputs', (name, expected) => {
      const { shape, data } = he.get(name)!;
      expect(shape).toEqual(sam.get(name)!.shape);
      expect(deviation(data) / expected).toBeCloseTo(1, 1);
    });

    it('starts biases at 0 and norms at 1, and keeps the position encoding', () => {
      const bias = he.get('mask_decoder.transformer.layers.1.mlp.lin1.bias')!.data;
      const norm = he.get('mask_decoder.transformer.layers.1.norm2.weight')!.data;
      expect(bias.every(value => value === 0)).toBe(true);
      expect(norm.every(value => value === 1)).toBe(true);
      const position = 'prompt_encoder.pe_layer.positional_encoding_gaussian_matrix';
      expect(he.get(position)).toEqual(sam.get(position));
    });

    it('still starts the background as the negated foreground', () => {
      const foreground = he.get(`${MLPS}.1.layers.2.weight`)!.data;
      const background = he.get(`${MLPS}.2.layers.2.weight`)!.data;
      expect(background).toEqual(foreground.map(value => -value));
    });

    it('depends on the seed', () => {
      const name = 'mask_decoder.transformer.layers.0.mlp.lin1.weight';
      expect(startWeights(sam, 'he', 7).get(name)).toEqual(he.get(name));
      expect(startWeights(sam, 'he', 8).get(name)).not.toEqual(he.get(name));
    });
  });

  it('names a missing tensor', () => {
    const without = new Map(sam);
    without.delete('mask_decoder.mask_tokens.weight');
    expect(() => startWeights(without)).toThrow('lack "mask_decoder.mask_tokens.weight"');
  });
});
