import * as tf from '@tensorflow/tfjs-core';
import type { DecoderEngine, Shot, Trainer, TrainingSettings } from './decoderEngine';
import { FewshotDecoder, imageTokens } from './fewshotDecoder';
import { toTokenOrder } from '../sam/tokenOrder';
import { segmentationLoss } from './segmentationLoss';
import { Segmenter } from './segmenter';
import type { Weights } from '../sam/weights';

/** Trains and segments with TensorFlow.js on its current backend: see `selectBackend`. */
export const tfjsEngine: DecoderEngine = {
  get description() {
    return tf.getBackend();
  },
  train: async (start, targetEmbeddings, shots, settings) =>
    new TfjsTrainer(start, targetEmbeddings, shots, settings),
  segmenter: async fitted => new Segmenter(fitted),
};

class TfjsTrainer implements Trainer {
  private readonly decoder: FewshotDecoder;
  private readonly optimizer: tf.AdamOptimizer;
  private readonly images: tf.Tensor2D[];
  private readonly targets: tf.Tensor1D[];
  private readonly valids: tf.Tensor1D[];
  private gradients: tf.NamedTensorMap | null = null;

  constructor(
    start: Weights,
    targetEmbeddings: Float32Array,
    shots: readonly Shot[],
    { learningRate, betas }: TrainingSettings,
  ) {
    this.decoder = new FewshotDecoder(start, targetEmbeddings);
    this.optimizer = tf.train.adam(learningRate, ...betas);
    this.images = shots.map(({ embedding }) => imageTokens(embedding));
    this.targets = shots.map(({ coverage }) => tf.tensor1d(toTokenOrder(coverage)));
    this.valids = shots.map(({ valid }) => tf.tensor1d(toTokenOrder(valid)));
  }

  async addGradients(shot: number): Promise<{ loss: Promise<number> }> {
    const { value, grads } = tf.variableGrads(
      () =>
        segmentationLoss(
          this.decoder.logits(this.images[shot]),
          this.targets[shot],
          this.valids[shot],
        ),
      this.decoder.variables,
    );
    this.gradients = this.gradients ? sum(this.gradients, grads) : grads;
    const loss = value.data().then(([first]) => first);
    // Wait here: TensorFlow.js cannot reuse the memory of queued work.
    await loss.finally(() => value.dispose());
    return { loss };
  }

  async update(): Promise<void> {
    if (!this.gradients) return;
    this.optimizer.applyGradients(
      Object.entries(this.gradients).map(([name, tensor]) => ({ name, tensor })),
    );
    tf.dispose(this.gradients);
    this.gradients = null;
  }

  read(): Promise<Weights> {
    return this.decoder.read();
  }

  dispose(): void {
    if (this.gradients) tf.dispose(this.gradients);
    this.decoder.dispose();
    this.optimizer.dispose();
    tf.dispose([this.images, this.targets, this.valids]);
  }
}

function sum(a: tf.NamedTensorMap, b: tf.NamedTensorMap): tf.NamedTensorMap {
  const both: tf.NamedTensorMap = {};
  for (const name of Object.keys(a)) both[name] = tf.add(a[name], b[name]);
  tf.dispose([a, b]);
  return both;
}
