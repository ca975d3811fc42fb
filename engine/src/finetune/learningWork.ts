/** Updates, and the shots of each: with one at a time the result depended on which came last. */
export const ITERATIONS = 60;
export const SHOTS_PER_ITERATION = 4;

/** Updates of a task that goes on without the slices it was learned from: with more it forgets them. */
export const FURTHER_ITERATIONS = 24;

/** With fewer outlined slices, what is left to learn from is no measure of the whole. */
export const FEWEST_OUTLINED = 3;

const COPIES = 4;

/** Embeddings that are held at once, 4 MB each: with many labeled slices there are fewer copies. */
const MOST_SHOTS = 100;

/** Changed copies of each labeled slice. */
export function copiesFor(slices: number): number {
  return Math.max(1, Math.min(COPIES, Math.floor(MOST_SHOTS / slices) - 1));
}

/** What learning consists of, to tell beforehand how long it takes. */
export interface LearningWork {
  /** Slices and copies that are encoded. */
  encodings: number;
  /** Times that the decoder learns from a slice. */
  steps: number;
}

/**
 * The work of `learnTask`.
 *
 * @param slices labeled ones that are new, `earlier` those that are known already
 * @param outlined slices, of both, that show the structure
 */
export function learningWork({
  slices,
  earlier,
  outlined,
  iterations = ITERATIONS,
  copies = copiesFor(slices + earlier),
  measures = false,
}: {
  slices: number;
  earlier: number;
  outlined: number;
  iterations?: number;
  copies?: number;
  measures?: boolean;
}): LearningWork {
  const fits = 1 + (measures && outlined >= FEWEST_OUTLINED ? outlined : 0);
  return { encodings: slices * (1 + copies), steps: fits * iterations * SHOTS_PER_ITERATION };
}
