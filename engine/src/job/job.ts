import type { CropRectangle, IntensityWindow, Mask, Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import type { Weights } from '../sam/weights';

/** Where a decoder starts: SAM's own weights, or random ones. */
export type Initialization = 'sam' | 'he';

/**
 * State of a run, for a later run on the same structure and series with other outlines: it finds the
 * embeddings in the cache, and trains the fitted weights further.
 */
export interface Continuation {
  /** The requested window: with another one, a run starts over. */
  asked: IntensityWindow;
  /** That window resolved on the slices of the first run: percentiles of other slices would differ. */
  window: ResolvedWindow;
  /** Part of each slice that was encoded, if the method chooses it from the outlines. */
  crop?: CropRectangle;
  /** Side of the encoder's input, if the method chooses it from the outlines; belongs to `crop`. */
  encoderSize?: number;
  /** Weights of the fitted decoder, if the method trains one. */
  weights?: Weights;
}

/** One structure on one series: some slices are labeled, others are to be segmented. */
export interface FewshotJob {
  /** Every slice that is labeled or to be segmented, ascending by index. All of one size and spacing. */
  slices: Slice[];
  /**
   * Slice index -> drawn mask. At least two show the structure; an empty one states that it is absent on
   * that slice.
   */
  labels: Map<number, Mask>;
  /** Slice indices to segment. Labeled ones are skipped: an outlined slice is never changed. */
  targets: number[];
  window: IntensityWindow;
  /** Distance in mm between slices of neighboring indices. Default: 3. */
  sliceSpacing?: number;
  /**
   * For unevenly spaced slices: position in mm along the normal of each slice of the series, by index,
   * ascending or descending. `sliceSpacing` is then the usual distance.
   */
  slicePositions?: readonly number[];
  /** An earlier run on this series and structure, to continue. */
  continues?: Continuation;
  /** Number of Adam updates; by default chosen from the number of labeled slices, as in the paper. */
  iterations?: number;
  /** Where the decoder starts; by default SAM's weights. */
  initialization?: Initialization;
  /** Seed of the order in which labeled slices are visited. Same seed and backend, same result. */
  seed?: number;
}

export interface PropagatedSlice {
  index: number;
  mask: Mask;
  /**
   * Returns the foreground probability, 0..1, on the slice's own grid. Computed at each call: it takes four
   * times the memory of the mask.
   */
  probability(): Float32Array;
  /**
   * Expected Dice, 0..1. Missing if the method has no estimate, if nothing was found, and on `blank` slices.
   */
  confidence?: number;
  /**
   * Whether the slice lies beyond the outermost outlined slices, where no outline bounds the result. Set by
   * `context` and `context-fast`.
   */
  extrapolated?: boolean;
  /**
   * Whether the image is constant around the structure, so that the mask comes from the outlines alone. Set
   * by `context` and `context-fast`.
   */
  blank?: boolean;
}

export interface FewshotResult {
  slices: PropagatedSlice[];
  /** Number of Adam updates made. */
  iterations: number;
  /** Training loss at each update. */
  losses: number[];
  seconds: { encode: number; fit: number; propagate: number };
  /** Number of embeddings taken from the cache. */
  embeddingsFromCache: number;
  /** Expected Dice of all slices with a mask together, if the method estimates it. */
  expectedDice?: number;
  /** Indices of slices left empty because they lie too far from the outlines, ascending. */
  notSearched?: number[];
  /** State for a later run to continue, if the method supports it. */
  continuation?: Continuation;
}
