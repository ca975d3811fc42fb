/** Updates, and shots per update: with a single shot, the result depended on which came last. */
export const ITERATIONS = 60;
export const SHOTS_PER_ITERATION = 4;

/** Updates for a task continued without its earlier slices: with more, it forgets them. */
export const FURTHER_ITERATIONS = 24;

const COPIES = 4;

/** Embeddings held in memory at once, 4 MB each: with many labeled slices there are fewer copies. */
const MOST_SHOTS = 100;

/** Returns the number of augmented copies of each labeled slice. */
export function copiesFor(slices: number): number {
  return Math.max(1, Math.min(COPIES, Math.floor(MOST_SHOTS / slices) - 1));
}

/** Amount of work of a learning run, to estimate its time. */
export interface LearningWork {
  /** Slices and copies to encode. */
  encodings: number;
  /** Gradient computations, one per visit of a slice. */
  steps: number;
}

/**
 * Returns the work of `learnTask`.
 *
 * @param slices number of new labeled slices; `earlier` is the number of known ones
 */
export function learningWork({
  slices,
  earlier,
  iterations = ITERATIONS,
  copies = copiesFor(slices + earlier),
}: {
  slices: number;
  earlier: number;
  iterations?: number;
  copies?: number;
}): LearningWork {
  return { encodings: slices * (1 + copies), steps: iterations * SHOTS_PER_ITERATION };
}
