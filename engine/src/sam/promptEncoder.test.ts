import { encodePrompts } from './promptEncoder';
import type { Weights } from './weights';

/** Weights whose every token tells where it comes from: position encodings are 0 or 1. */
const weights: Weights = new Map(
  [
    ['pe_layer.positional_encoding_gaussian_matrix', new Float32Array(256)] as const,
    ...[0, 1, 2, 3].map(
      i => [`point_embeddings.${i}.weight`, new Float32Array(256).fill(10 * i)] as const,
    ),
    ['not_a_point_embed.weight', new Float32Array(256).fill(-5)] as const,
  ].map(([name, data]) => [`prompt_encoder.${name}`, { shape: [1, 256], data }]),
);

/** First value of each token. A matrix of zeros makes every sine 0. */
const kinds = (...prompts: Parameters<typeof encodePrompts>[1][]) =>
  prompts.map(prompt => {
    const tokens = encodePrompts(weights, prompt);
    return Array.from({ length: tokens.length / 256 }, (_, i) => tokens[i * 256]);
  });

const INSIDE = { x: 5, y: 6, isForeground: true };
const OUTSIDE = { x: 7, y: 8, isForeground: false };
const BOX = { left: 1, top: 2, right: 3, bottom: 4 };

describe('encodePrompts', () => {
  it('marks what each token stands for, and pads points that come without a box', () => {
    expect(kinds({ points: [INSIDE] }, { points: [OUTSIDE, INSIDE] }, { box: BOX })).toEqual([
      [10, -5],
      [0, 10, -5],
      [20, 30],
    ]);
    expect(kinds({ points: [INSIDE], box: BOX })).toEqual([[10, 20, 30]]);
  });

  it('tells the tokens of different places apart: the center of the input has angle 0', () => {
    const withX: Weights = new Map(weights);
    const matrix = new Float32Array(256).fill(0.25, 0, 128);
    withX.set('prompt_encoder.pe_layer.positional_encoding_gaussian_matrix', {
      shape: [2, 128],
      data: matrix,
    });
    const sineAt = (x: number, y: number) =>
      encodePrompts(withX, { points: [{ x, y, isForeground: false }] })[0];
    // Pixel 511.5 has its center at 512, the middle; pixel -0.5 starts at the left edge.
    expect(sineAt(511.5, 3)).toBeCloseTo(0, 6);
    expect(sineAt(-0.5, 3)).toBeCloseTo(-1, 6);
    expect(sineAt(1023.5, 900)).toBeCloseTo(1, 6);
  });

  it('refuses to guess without a prompt, and names a missing tensor', () => {
    expect(() => encodePrompts(weights, {})).toThrow('neither a point nor a box');
    expect(() => encodePrompts(weights, { points: [] })).toThrow('neither a point nor a box');
    expect(() => encodePrompts(new Map(), { box: BOX })).toThrow(
      expect.objectContaining({
        code: 'model-altered',
        message: expect.stringContaining('prompt_encoder.'),
      }),
    );
  });
});
