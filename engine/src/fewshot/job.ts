import type { IntensityWindow, Mask, Slice } from '../image/slice';

/** One structure on one series: some slices labelled, others to be segmented. */
export interface FewshotJob {
  /** Every slice that is labelled or wanted, ascending by index. All of one size and spacing. */
  slices: Slice[];
  /** Slice index -> drawn mask. At least two, each with at least one foreground pixel. */
  labels: Map<number, Mask>;
  /** Slice indices to segment. Labelled ones among them are skipped: a drawn slice is never changed. */
  targets: number[];
  window: IntensityWindow;
  /** Adam updates; by default chosen from the number of labelled slices as in the paper. */
  iterations?: number;
  /** Seed of the order in which labelled slices are visited. Same seed, same backend: same result. */
  seed?: number;
}

export interface PropagatedSlice {
  index: number;
  mask: Mask;
  /** Foreground probability 0..1 on the slice's own grid. */
  probability: Float32Array;
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
}
