import * as tf from '@tensorflow/tfjs-core';
import {
  decoderParameters,
  readParameters,
  type DecoderParameters,
} from '../sam/decoderParameters';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';
import { maskDecoder, type MaskToken } from '../sam/maskDecoder';
import { concatRows } from '../sam/operations';
import { POSITION_MATRIX, positionEncoding, positionMatrix } from '../sam/positionEncoding';
import { samWeight, type Weights } from '../sam/weights';
import { BACKGROUND, FOREGROUND, QUERY_TOKENS } from './startWeights';

const OUTPUTS: readonly MaskToken[] = [
  { row: 0, hypernetwork: FOREGROUND },
  { row: 1, hypernetwork: BACKGROUND },
];

/**
 * The paper's modified mask decoder (Xie et al., section 3.3): two query tokens and the few-shot
 * target embeddings go through SAM's two-way transformer; the two query tokens become the logits of
 * foreground and background. No prompt encoder, no dense prompt, no IoU head.
 */
export class FewshotDecoder {
  private readonly parameters: DecoderParameters;
  private readonly queryTokens: tf.Variable;
  private readonly targets: tf.Tensor2D;
  private readonly gaussian: Float32Array;
  private readonly positions = new Map<number, tf.Tensor2D>();

  /**
   * @param weights from `startWeights`, or fitted weights
   * @param targetEmbeddings [n, 256], the prompts
   * @throws FewshotError `model-altered` when a tensor is missing
   */
  constructor(weights: Weights, targetEmbeddings: Float32Array) {
    const tokens = samWeight(weights, QUERY_TOKENS);
    this.gaussian = positionMatrix(weights);
    this.parameters = decoderParameters(weights, [FOREGROUND, BACKGROUND]);
    const start = tf.tensor2d(tokens, [2, EMBEDDING_CHANNELS]);
    this.queryTokens = tf.variable(start);
    start.dispose();
    this.targets = tf.tensor2d(targetEmbeddings, [
      targetEmbeddings.length / EMBEDDING_CHANNELS,
      EMBEDDING_CHANNELS,
    ]);
  }

  /** All trained variables. */
  get variables(): tf.Variable[] {
    return [...this.parameters.variables.values(), this.queryTokens];
  }

  /**
   * @param image [size * size, 256] image tokens, row by row: see `imageTokens`
   * @returns [2, 16 * size * size] logits of foreground and background in token order
   */
  logits(image: tf.Tensor2D): tf.Tensor2D {
    const tokens = concatRows([this.queryTokens, this.targets]);
    const position = this.position(Math.sqrt(image.shape[0]));
    return maskDecoder(this.parameters.get, tokens, image, position, OUTPUTS) as tf.Tensor2D;
  }

  /** Returns the current weights under SAM's names. */
  async read(): Promise<Weights> {
    const weights = await readParameters(this.parameters);
    weights.set(QUERY_TOKENS, {
      shape: [2, EMBEDDING_CHANNELS],
      data: (await this.queryTokens.data()).slice() as Float32Array,
    });
    weights.set(POSITION_MATRIX, { shape: [2, this.gaussian.length / 2], data: this.gaussian });
    return weights;
  }

  dispose(): void {
    this.parameters.dispose();
    this.queryTokens.dispose();
    this.targets.dispose();
    this.positions.forEach(position => position.dispose());
    this.positions.clear();
  }

  private position(size: number): tf.Tensor2D {
    let position = this.positions.get(size);
    if (!position) {
      const encoding = positionEncoding(this.gaussian, size);
      position = tf.keep(tf.tensor2d(encoding, [size * size, EMBEDDING_CHANNELS]));
      this.positions.set(size, position);
    }
    return position;
  }
}

/** [256, size, size] embedding -> [size * size, 256] tokens on the current backend. */
export function imageTokens(embedding: Float32Array): tf.Tensor2D {
  return tf.tidy(() => {
    const channels = tf.tensor2d(embedding, [
      EMBEDDING_CHANNELS,
      embedding.length / EMBEDDING_CHANNELS,
    ]);
    return tf.transpose(channels, [1, 0]);
  });
}
