import type { EmbeddingCache } from '../cache/embeddingCache';
import type { IntensityWindow, Mask, Slice } from '../image/slice';
import type { OnProgress } from '../platform/progress';
import type { ImageEncoder } from '../sam/imageEncoder';
import type { Weights } from '../sam/weights';
import type { FewshotJob, FewshotResult, PropagatedSlice } from './job';

/** What every method needs to run. A method that needs more extends it. */
export interface JobParts {
  encoder: ImageEncoder;
  /** Another encoder of the same weights, where `encoder` takes inputs of 1024 pixels only. */
  smallEncoder?: () => Promise<ImageEncoder>;
  /** Hash of the encoder's weights, part of every cache key. */
  modelSha256: string;
  /** Weights of SAM's mask decoder, see `parseSafetensors`. */
  weights: Weights;
  cache?: EmbeddingCache;
}

export interface PropagateOptions {
  signal?: AbortSignal;
  onProgress?: OnProgress;
  /** Called with slices as they are segmented, before the final post-processing of all. */
  onSlices?: (slices: PropagatedSlice[]) => void;
  /**
   * Called now and then during long runs with a slice that is not final, as a preview. `onSlices` follows
   * later for the same slice. Only `context` calls it.
   */
  onPreview?: (slice: PropagatedSlice) => void;
  /** Called with slices of the job whose pixels are no longer needed, so that they can be freed. */
  onFinished?: (slices: readonly Slice[]) => void;
}

/** A study without outlines. */
export interface TestStudy {
  slices: Slice[];
  window: IntensityWindow;
  sliceSpacing?: number;
  /** Slice indices to segment; by default all. */
  targets?: readonly number[];
}

/** A study of a few-shot set. */
export interface FewshotStudy {
  /** All of one size and spacing; percentiles of the window are taken over all of them. */
  slices: Slice[];
  /** Slice index -> drawn mask; an empty one states that the structure is absent. */
  labels: ReadonlyMap<number, Mask>;
  window: IntensityWindow;
}

/** A structure learned from a few-shot set, ready to segment any number of other studies. */
export interface Learned {
  iterations: number;
  /** Training loss at each update. */
  losses: number[];
  seconds: { encode: number; fit: number };
  embeddingsFromCache: number;
  apply(study: TestStudy, options?: PropagateOptions): Promise<AppliedStudy>;
}

/** Result for one study segmented with a learned structure. */
export interface AppliedStudy {
  slices: PropagatedSlice[];
  seconds: { encode: number; propagate: number };
  embeddingsFromCache: number;
  /** As in `FewshotResult`. */
  expectedDice?: number;
}

export interface LearnerSettings extends Pick<
  FewshotJob,
  'iterations' | 'initialization' | 'seed'
> {
  /** Whether each study, also of those to segment, is a single image: it has no neighbors and no body. */
  images?: boolean;
}

/**
 * Learns from one or more studies to segment others.
 *
 * @throws FewshotError `bad-input` with fewer than two outlines in total
 */
export type Learner<Parts extends JobParts = JobParts> = (
  studies: readonly FewshotStudy[],
  settings: LearnerSettings,
  parts: Parts,
  options?: PropagateOptions,
) => Promise<Learned>;

/** A job with inputs that only some methods use. */
export interface MethodJob extends FewshotJob {
  /**
   * Another study to segment. `slices`, `labels` and `window` then describe the study to learn from, and
   * `targets` are slice indices of this one.
   */
  test?: TestStudy;
  /** True masks of the slices to segment; `sam-point` and `sam-box` derive ideal prompts from them. */
  truth?: ReadonlyMap<number, Mask>;
}

/**
 * Segments every target slice. An empty mask is a valid result.
 *
 * @throws FewshotError `bad-input` when the method cannot do the job, e.g. `interpolate` with `test`
 */
export type Method<Parts extends JobParts = JobParts> = (
  job: MethodJob,
  parts: Parts,
  options?: PropagateOptions,
) => Promise<FewshotResult>;
