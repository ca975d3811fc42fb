import { FewshotError } from '../errors';
import * as tf from '@tensorflow/tfjs-core';
import type { FittedDecoder } from './fit';
import { FewshotDecoder, imageTokens, toRowMajor } from './fewshotDecoder';

/** A fitted decoder on the current tfjs backend, ready to segment slices. */
export class Segmenter {
  private readonly decoder: FewshotDecoder;

  constructor({ weights, targetEmbeddings }: Pick<FittedDecoder, 'weights' | 'targetEmbeddings'>) {
    this.decoder = new FewshotDecoder(weights, targetEmbeddings);
  }

  /**
   * @param embedding [256, size, size]
   * @returns [4 size, 4 size] logit of foreground against background, row-major
   * @throws FewshotError `bad-result` when it holds NaN or is constant
   */
  async logits(embedding: Float32Array): Promise<Float32Array> {
    const difference = tf.tidy(() => {
      const [foreground, background] = tf.split(this.decoder.logits(imageTokens(embedding)), 2, 0);
      return tf.sub(foreground, background);
    });
    try {
      const logits = toRowMajor((await difference.data()) as Float32Array);
      checkLogits(logits);
      return logits;
    } finally {
      difference.dispose();
    }
  }

  dispose(): void {
    this.decoder.dispose();
  }
}

function checkLogits(logits: Float32Array): void {
  const wrong = logits.find(value => !Number.isFinite(value));
  const isConstant = logits.every(value => value === logits[0]);
  if (wrong === undefined && !isConstant) return;
  throw new FewshotError(
    'bad-result',
    `Segmenting failed: ${isConstant ? `every pixel got the value ${logits[0]}` : `a pixel got the value ${wrong}`}.`,
    'Try again; if it happens again, choose the CPU backend.',
  );
}
