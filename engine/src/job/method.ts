import type { EmbeddingCache } from '../cache/embeddingCache';
import type { IntensityWindow, Mask, Slice } from '../image/slice';
import type { OnProgress } from '../platform/progress';
import type { ImageEncoder } from '../sam/imageEncoder';
import type { Weights } from '../sam/weights';
import type { FewshotJob, FewshotResult, PropagatedSlice } from './job';

/** What every method computes with. A method that needs more extends it. */
export interface JobParts {
  encoder: ImageEncoder;
  /** Of the encoder's weights: part of every cache key. */
  modelSha256: string;
  /** SAM's mask decoder, see `parseSafetensors`. */
  weights: Weights;
  cache?: EmbeddingCache;
}

export interface PropagateOptions {
  signal?: AbortSignal;
  onProgress?: OnProgress;
  /** Told of slices as they are segmented, before all are and the last touch is given to them. */
  onSlices?: (slices: PropagatedSlice[]) => void;
  /**
   * Told now and then, where the others take long, of a slice that is not final: a picture for whoever
   * waits. `onSlices` tells of it later; only `context` has such.
   */
  onPreview?: (slice: PropagatedSlice) => void;
  /** Told of slices of the job whose pixels are not read again: they may be let go of. */
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
  /** Slice index -> drawn mask; an empty one says that the structure is absent there. */
  labels: ReadonlyMap<number, Mask>;
  window: IntensityWindow;
}

/** What was learned from a few-shot set, ready for any number of other studies. */
export interface Learned {
  iterations: number;
  /** Training loss at each update. */
  losses: number[];
  seconds: { encode: number; fit: number };
  embeddingsFromCache: number;
  apply(study: TestStudy, options?: PropagateOptions): Promise<AppliedStudy>;
}

/** A study that was segmented with what was learned from others. */
export interface AppliedStudy {
  slices: PropagatedSlice[];
  seconds: { encode: number; propagate: number };
  embeddingsFromCache: number;
  /** As in `FewshotResult`. */
  expectedDice?: number;
}

/**
 * Learns from one or more studies to segment others.
 *
 * @throws FewshotError `bad-input` with fewer than two outlines in all
 */
export type Learner<Parts extends JobParts = JobParts> = (
  studies: readonly FewshotStudy[],
  settings: Pick<FewshotJob, 'iterations' | 'initialization' | 'seed'>,
  parts: Parts,
  options?: PropagateOptions,
) => Promise<Learned>;

/** What a method is asked for: a job, and what only some methods use. */
export interface MethodJob extends FewshotJob {
  /**
   * Another study to segment. Then `slices`, `labels` and `window` are the study that is learned
   * from, and `targets` are indices of slices of this one.
   */
  test?: TestStudy;
  /** True masks of the wanted slices, from which `sam-point` and `sam-box` take ideal prompts. */
  truth?: ReadonlyMap<number, Mask>;
}

/**
 * Segments every wanted slice. An empty mask is a valid answer.
 *
 * @throws FewshotError `bad-input` when the method cannot do the job, e.g. `interpolate` with `test`
 */
export type Method<Parts extends JobParts = JobParts> = (
  job: MethodJob,
  parts: Parts,
  options?: PropagateOptions,
) => Promise<FewshotResult>;
