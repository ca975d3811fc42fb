import type { CropRectangle, IntensityWindow, Mask, Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import type { Weights } from '../sam/weights';

/** From what a decoder starts: SAM's own weights, or random ones. */
export type Initialization = 'sam' | 'he';

/**
 * What a run knows of a structure in a series, for a later run with other outlines to go on from: the
 * embeddings of the slices are then found again, and what was trained is trained further.
 */
export interface Continuation {
  /** The window that was asked for: with another one all begins anew. */
  asked: IntensityWindow;
  /** What it was, on the slices of the first run: percentiles of fewer slices would be others. */
  window: ResolvedWindow;
  /** What the encoder saw of each slice, where a method chooses it by the outlines. */
  crop?: CropRectangle;
  /** Side of the encoder's input, where a method chooses it by the outlines; it belongs to the crop. */
  encoderSize?: number;
  /** Of the fitted decoder, where a method trains. */
  weights?: Weights;
}

/** One structure on one series: some slices labeled, others to be segmented. */
export interface FewshotJob {
  /** Every slice that is labeled or wanted, ascending by index. All of one size and spacing. */
  slices: Slice[];
  /**
   * Slice index -> drawn mask. At least two with foreground; an empty one says that the structure is
   * absent there.
   */
  labels: Map<number, Mask>;
  /** Slice indices to segment. Labeled ones among them are skipped: a drawn slice is never changed. */
  targets: number[];
  window: IntensityWindow;
  /** Distance in mm between slices of neighboring indices. Default: 3. */
  sliceSpacing?: number;
  /**
   * Of a series whose slices lie unevenly: mm along the normal of each slice of the series, by its index,
   * all in one direction. `sliceSpacing` is then the usual distance.
   */
  slicePositions?: readonly number[];
  /** An earlier run on this series, for the same structure, to go on from. */
  continues?: Continuation;
  /** Adam updates; by default chosen from the number of labeled slices as in the paper. */
  iterations?: number;
  /** From what the decoder starts; by default from SAM's weights. */
  initialization?: Initialization;
  /** Seed of the order in which labeled slices are visited. Same seed, same backend: same result. */
  seed?: number;
}

export interface PropagatedSlice {
  index: number;
  mask: Mask;
  /**
   * Foreground probability 0..1 on the slice's own grid. Made anew at each call, because it takes four
   * times the memory of the mask.
   */
  probability(): Float32Array;
  /**
   * Expected Dice, 0..1. Missing where the method knows none, where nothing was found, and where the
   * image shows nothing, see `blank`.
   */
  confidence?: number;
  /**
   * Whether the slice lies beyond the outermost outlined slices: nothing drawn bounds what was found
   * there. Set by `context` and `context-fast`.
   */
  extrapolated?: boolean;
  /**
   * Whether the image holds one value only around the structure: the mask there comes from the outlines
   * alone. Set by `context` and `context-fast`.
   */
  blank?: boolean;
}

export interface FewshotResult {
  slices: PropagatedSlice[];
  /** Adam updates that were made. */
  iterations: number;
  /** Training loss at each update. */
  losses: number[];
  seconds: { encode: number; fit: number; propagate: number };
  /** How many embeddings came from the cache. */
  embeddingsFromCache: number;
  /** Expected Dice of all slices together on which something was found, where the method knows it. */
  expectedDice?: number;
  /** Wanted slices that were left empty because they lie too far from what was drawn, ascending. */
  notSearched?: number[];
  /** What a later run can go on from, where the method can. */
  continuation?: Continuation;
}
