import * as tf from '@tensorflow/tfjs-core';
import type { FittedDecoder, SegmentingDecoder } from './decoderEngine';
import { toRowMajor } from '../sam/tokenOrder';
import { checkLogits } from './checkLogits';
import { FewshotDecoder, imageTokens } from './fewshotDecoder';

/** Segments slices with a fitted decoder on the current tfjs backend. */
export class Segmenter implements SegmentingDecoder {
  private readonly decoder: FewshotDecoder;

  constructor({ weights, targetEmbeddings }: Pick<FittedDecoder, 'weights' | 'targetEmbeddings'>) {
    this.decoder = new FewshotDecoder(weights, targetEmbeddings);
  }

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
