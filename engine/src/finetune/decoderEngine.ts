import type { JobParts } from '../job/method';
import type { Weights } from '../sam/weights';

/** One labeled slice as the decoder sees it. */
export interface Shot {
  /** [256, size, size] */
  embedding: Float32Array;
  /** [4 size, 4 size] foreground share of each pixel, 0..1. */
  coverage: Float32Array;
  /** [4 size, 4 size] share of each pixel inside the image, 0..1. */
  valid: Float32Array;
}

/** Result of a fit: enough to segment any slice. */
export interface FittedDecoder {
  /** Under SAM's names, and `fewshot.query_tokens.weight`. */
  weights: Weights;
  /** [prompts, 256] mean embeddings of the labeled regions, scaled. */
  targetEmbeddings: Float32Array;
  iterations: number;
  /** Loss before each update. */
  losses: number[];
}

/** Keeps the Dice term of the loss defined where nothing is foreground; in pixels. */
export const DICE_SMOOTHING = 1;

/** Default of Adam in TensorFlow.js. */
export const ADAM_EPSILON = 1e-7;

/** Adam's settings. */
export interface TrainingSettings {
  learningRate: number;
  betas: readonly [number, number];
}

/** A decoder in training. */
export interface Trainer {
  /**
   * Adds the gradients of one labeled slice to those accumulated since the last update.
   *
   * @param shot index of the slice
   * @returns resolves once the computation is queued; `loss` resolves when it is done. The next step need not
   *   wait for `loss`.
   */
  addGradients(shot: number): Promise<{ loss: Promise<number> }>;
  /** Updates the weights with the accumulated gradients, and clears these. */
  update(): Promise<void>;
  /** Returns the current weights under SAM's names. */
  read(): Promise<Weights>;
  dispose(): void;
}

/** A fitted decoder that segments. */
export interface SegmentingDecoder {
  /**
   * @param embedding [256, size, size]
   * @returns [4 size, 4 size] logit of foreground minus background, row-major
   * @throws FewshotError `bad-result` when the logits contain NaN or are constant
   */
  logits(embedding: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

/** Trains the paper's decoder and segments with it. */
export interface Decoders {
  /**
   * @param start from `startWeights`, or fitted weights
   * @param targetEmbeddings [n, 256], the prompts
   * @param shots all of one size
   */
  train(
    start: Weights,
    targetEmbeddings: Float32Array,
    shots: readonly Shot[],
    settings: TrainingSettings,
  ): Promise<Trainer>;
  segmenter(
    fitted: Pick<FittedDecoder, 'weights' | 'targetEmbeddings'>,
  ): Promise<SegmentingDecoder>;
}

/** Decoders on a started backend. */
export interface DecoderEngine extends Decoders {
  /** Shown to users, e.g. 'webgpu', 'wasm (2 threads)'. */
  readonly description: string;
}

export interface FinetuneParts extends JobParts {
  /** By default TensorFlow.js, which must already be started: see `selectBackend`. */
  decoders?: Decoders;
}
