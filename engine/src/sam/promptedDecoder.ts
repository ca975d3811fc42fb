import * as tf from '@tensorflow/tfjs-core';
import { FewshotError } from '../platform/errors';
import { decoderParameters, type DecoderParameters } from './decoderParameters';
import { EMBEDDING_CHANNELS } from './imageEncoder';
import { maskDecoder } from './maskDecoder';
import { positionEncoding, positionMatrix } from './positionEncoding';
import { encodePrompts, noMaskEmbedding, type Prompts } from './promptEncoder';
import { rowMajorOfTokenOrder } from './tokenOrder';
import { twoWayTransformer } from './twoWayTransformer';
import { samWeight, type Weights } from './weights';

/** Rows of SAM's output tokens: one for the estimated IoU, then one per mask. */
const IOU_TOKEN = 0;
const FIRST_MASK_TOKEN = 1;

/** Mask 0 is SAM's single mask; masks 1 to 3 are its answers to an ambiguous prompt. */
const SINGLE_MASK = 0;
const MULTIPLE_MASKS = [1, 2, 3] as const;
const ALL_MASKS = [SINGLE_MASK, ...MULTIPLE_MASKS];

const IOU_HEAD = 'mask_decoder.iou_prediction_head.layers';
const IOU_HEAD_LAYERS = 3;

export interface PromptedMask {
  /** [4 size, 4 size] row-major, positive inside. */
  logits: Float32Array;
  /** Index of SAM's mask, 0..3. */
  mask: number;
}

/**
 * SAM as published: turns prompts and an image embedding into a mask. A single point is ambiguous (a part
 * or the whole), so the best of SAM's three masks by estimated IoU is used (`multimask_output=True`); with
 * a box or several points, its single mask.
 *
 * Source: segment_anything/modeling/mask_decoder.py and predictor.py.
 */
export class PromptedDecoder {
  private readonly parameters: DecoderParameters;
  private readonly positions = new Map<number, tf.Tensor2D>();

  /** @param weights of SAM; a single point also needs those of `mask_decoder.iou_prediction_head` */
  constructor(private readonly weights: Weights) {
    this.parameters = decoderParameters(weights, ALL_MASKS);
  }

  /**
   * @param embedding [256, size, size]
   * @throws FewshotError `bad-input` without a prompt, `model-altered` when a tensor is missing,
   *   `bad-result` when a logit is not a number
   */
  async segment(embedding: Float32Array, prompts: Prompts): Promise<PromptedMask> {
    const tokens = this.tokens(prompts);
    const image = this.imageTokens(embedding);
    try {
      const isAmbiguous = !prompts.box && prompts.points?.length === 1;
      const mask = isAmbiguous ? await this.likeliest(tokens, image) : SINGLE_MASK;
      return { mask, logits: await this.logits(tokens, image, mask) };
    } finally {
      tf.dispose([tokens, image]);
    }
  }

  /**
   * Returns SAM's own estimate of the IoU of each of its four masks.
   *
   * @param embedding [256, size, size]
   */
  async estimateIou(embedding: Float32Array, prompts: Prompts): Promise<Float32Array> {
    const tokens = this.tokens(prompts);
    const image = this.imageTokens(embedding);
    try {
      return await this.estimates(tokens, image);
    } finally {
      tf.dispose([tokens, image]);
    }
  }

  dispose(): void {
    this.parameters.dispose();
    this.positions.forEach(position => position.dispose());
    this.positions.clear();
  }

  private async likeliest(tokens: tf.Tensor2D, image: tf.Tensor2D): Promise<number> {
    const estimates = await this.estimates(tokens, image);
    return MULTIPLE_MASKS.reduce<number>(
      (best, mask) => (estimates[mask] > estimates[best] ? mask : best),
      MULTIPLE_MASKS[0],
    );
  }

  private async estimates(tokens: tf.Tensor2D, image: tf.Tensor2D): Promise<Float32Array> {
    const attended = tf.tidy(() => {
      const position = this.position(image.shape[0]);
      const result = twoWayTransformer(this.parameters.get, tokens, image, position);
      return tf.slice(result.tokens, [IOU_TOKEN, 0], [1, -1]);
    });
    try {
      return iouHead(this.weights, (await attended.data()) as Float32Array);
    } finally {
      attended.dispose();
    }
  }

  private async logits(
    tokens: tf.Tensor2D,
    image: tf.Tensor2D,
    mask: number,
  ): Promise<Float32Array> {
    const decoded = tf.tidy(() =>
      maskDecoder(this.parameters.get, tokens, image, this.position(image.shape[0]), [
        { row: FIRST_MASK_TOKEN + mask, hypernetwork: mask },
      ]),
    );
    try {
      const values = (await decoded.data()) as Float32Array;
      const logits = new Float32Array(values.length);
      rowMajorOfTokenOrder(Math.sqrt(image.shape[0])).forEach((pixel, i) => {
        logits[pixel] = values[i];
      });
      checkNumbers(logits);
      return logits;
    } finally {
      decoded.dispose();
    }
  }

  /** All of SAM's tokens, [n, 256]: IoU, four masks, prompts. */
  private tokens(prompts: Prompts): tf.Tensor2D {
    const parts = [
      samWeight(this.weights, 'mask_decoder.iou_token.weight'),
      samWeight(this.weights, 'mask_decoder.mask_tokens.weight'),
      encodePrompts(this.weights, prompts),
    ];
    const length = parts.reduce((total, part) => total + part.length, 0);
    const values = new Float32Array(length);
    let offset = 0;
    for (const part of parts) {
      values.set(part, offset);
      offset += part.length;
    }
    return tf.tensor2d(values, [length / EMBEDDING_CHANNELS, EMBEDDING_CHANNELS]);
  }

  /** [256, size, size] embedding -> [size * size, 256] tokens, with the prompt "no mask". */
  private imageTokens(embedding: Float32Array): tf.Tensor2D {
    return tf.tidy(() => {
      const tokens = embedding.length / EMBEDDING_CHANNELS;
      const channels = tf.tensor2d(embedding, [EMBEDDING_CHANNELS, tokens]);
      const noMask = tf.tensor2d(noMaskEmbedding(this.weights), [1, EMBEDDING_CHANNELS]);
      return tf.add(tf.transpose(channels, [1, 0]), noMask) as tf.Tensor2D;
    });
  }

  private position(tokens: number): tf.Tensor2D {
    let position = this.positions.get(tokens);
    if (!position) {
      const encoding = positionEncoding(positionMatrix(this.weights), Math.sqrt(tokens));
      position = tf.keep(tf.tensor2d(encoding, [tokens, EMBEDDING_CHANNELS]));
      this.positions.set(tokens, position);
    }
    return position;
  }
}

/** SAM's `iou_prediction_head`: three linear layers with ReLU between them. [256] -> [4] */
function iouHead(weights: Weights, token: Float32Array): Float32Array {
  let x = token;
  for (let layer = 0; layer < IOU_HEAD_LAYERS; layer++) {
    const matrix = samWeight(weights, `${IOU_HEAD}.${layer}.weight`);
    const bias = samWeight(weights, `${IOU_HEAD}.${layer}.bias`);
    const isLast = layer === IOU_HEAD_LAYERS - 1;
    const input = x;
    x = bias.map((value, output) => {
      for (let i = 0; i < input.length; i++) value += matrix[output * input.length + i] * input[i];
      return isLast ? value : Math.max(0, value);
    });
  }
  return x;
}

function checkNumbers(logits: Float32Array): void {
  const wrong = logits.find(value => !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new FewshotError(
    'bad-result',
    `Segmenting failed: a pixel got the value ${wrong}.`,
    'Try again; if it happens again, choose the CPU backend.',
  );
}
