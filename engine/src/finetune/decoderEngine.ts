import type { JobParts } from '../job/method';
import type { Weights } from '../sam/weights';

/** One labeled slice as the decoder sees it. */
export interface Shot {
  /** [256, size, size] */
  embedding: Float32Array;
  /** [4 size, 4 size] share of each pixel that is foreground, 0..1. */
  coverage: Float32Array;
  /** [4 size, 4 size] share of each pixel that holds image, 0..1. */
  valid: Float32Array;
}

/** What was learned: enough to segment any slice. */
export interface FittedDecoder {
  /** Under SAM's names, and `fewshot.query_tokens.weight`. */
  weights: Weights;
  /** [prompts, 256] the prompts: mean embeddings of the labeled regions, scaled. */
  targetEmbeddings: Float32Array;
  iterations: number;
  /** Loss at each update, before it. */
  losses: number[];
}

/** Of the loss: keeps its Dice term defined where nothing is foreground; in pixels. */
export const DICE_SMOOTHING = 1;

/** The default of TensorFlow.js' Adam. */
export const ADAM_EPSILON = 1e-7;

/** Adam's settings. */
export interface TrainingSettings {
  learningRate: number;
  betas: readonly [number, number];
}

/** A decoder while it is trained. */
export interface Trainer {
  /**
   * Adds the gradients of one labeled slice to those since the last update.
   *
   * @param shot its index
   * @returns resolves when the computation has been handed over; the loss is there when it is done. The
   *   next step need not wait for it.
   */
  addGradients(shot: number): Promise<{ loss: Promise<number> }>;
  /** Moves the weights along the gradients, and forgets these. */
  update(): Promise<void>;
  /** The weights as they are now, under SAM's names. */
  read(): Promise<Weights>;
  dispose(): void;
}

/** A fitted decoder that segments. */
export interface SegmentingDecoder {
  /**
   * @param embedding [256, size, size]
   * @returns [4 size, 4 size] logit of foreground against background, row-major
   * @throws FewshotError `bad-result` when it holds NaN or is constant
   */
  logits(embedding: Float32Array): Promise<Float32Array>;
  dispose(): void;
}

/** What trains the paper's decoder and segments with it. */
export interface Decoders {
  /**
   * @param start of `startWeights`, or fitted ones
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

/** One that has been started. */
export interface DecoderEngine extends Decoders {
  /** For people, e.g. 'webgpu', 'wasm (2 threads)'. */
  readonly description: string;
}

export interface FinetuneParts extends JobParts {
  /** By default TensorFlow.js, which then must have been started: see `selectBackend`. */
  decoders?: Decoders;
}
