import { FewshotError } from '../platform/errors';
import { EMBEDDING_CHANNELS, ENCODER_INPUT_SIZE } from './imageEncoder';
import { positionMatrix } from './positionEncoding';
import { samWeight, type Weights } from './weights';

/** A point in pixels of the encoder input, from 0; fractions are allowed. */
export interface PointPrompt {
  x: number;
  y: number;
  /** Whether the point lies inside the structure. */
  isForeground: boolean;
}

/** First and last pixel of a box in the encoder input, from 0. */
export interface BoxPrompt {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Prompts for one structure: at least a point or a box. */
export interface Prompts {
  points?: readonly PointPrompt[];
  box?: BoxPrompt;
}

const NAME = 'prompt_encoder';

/** Indices of SAM's learned embeddings, `prompt_encoder.point_embeddings.<number>`. */
const BACKGROUND_POINT = 0;
const FOREGROUND_POINT = 1;
const TOP_LEFT = 2;
const BOTTOM_RIGHT = 3;

/**
 * SAM's sparse prompts: one token per point, two per box.
 *
 * Source: segment_anything/modeling/prompt_encoder.py, `_embed_points` and `_embed_boxes`.
 *
 * @returns [n, 256]
 * @throws FewshotError `bad-input` when there is no prompt, `model-altered` when a tensor is missing
 */
export function encodePrompts(
  weights: Weights,
  { points = [], box }: Prompts,
): Float32Array<ArrayBuffer> {
  if (points.length === 0 && !box) {
    throw new FewshotError(
      'bad-input',
      'SAM was given neither a point nor a box.',
      'Give one of them.',
    );
  }
  const learned = (index: number) => samWeight(weights, `${NAME}.point_embeddings.${index}.weight`);
  const tokens = points.map(({ x, y, isForeground }) =>
    sum(encodePosition(weights, x, y), learned(isForeground ? FOREGROUND_POINT : BACKGROUND_POINT)),
  );
  if (box) {
    tokens.push(
      sum(encodePosition(weights, box.left, box.top), learned(TOP_LEFT)),
      sum(encodePosition(weights, box.right, box.bottom), learned(BOTTOM_RIGHT)),
    );
  } else {
    // Without a box, SAM was trained with one extra token that has no position.
    tokens.push(samWeight(weights, `${NAME}.not_a_point_embed.weight`));
  }
  const encoded = new Float32Array(tokens.length * EMBEDDING_CHANNELS);
  tokens.forEach((token, i) => encoded.set(token, i * EMBEDDING_CHANNELS));
  return encoded;
}

/**
 * Returns SAM's dense prompt for "no mask", the same for every image token.
 *
 * @returns [256]
 */
export function noMaskEmbedding(weights: Weights): Float32Array {
  return samWeight(weights, `${NAME}.no_mask_embed.weight`);
}

/**
 * Source: `PositionEmbeddingRandom.forward_with_coords`; half a pixel is added to reach the pixel's center.
 */
function encodePosition(weights: Weights, x: number, y: number): Float32Array {
  const matrix = positionMatrix(weights);
  const half = matrix.length / 2;
  const unit = (pixel: number) => (2 * (pixel + 0.5)) / ENCODER_INPUT_SIZE - 1;
  const encoding = new Float32Array(2 * half);
  for (let i = 0; i < half; i++) {
    const angle = 2 * Math.PI * (unit(x) * matrix[i] + unit(y) * matrix[half + i]);
    encoding[i] = Math.sin(angle);
    encoding[half + i] = Math.cos(angle);
  }
  return encoding;
}

function sum(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + b[i]);
}
