import { ENCODER_INPUT_SIZE } from '../sam/imageEncoder';

/**
 * Side of the encoder's input for tasks that are applied to other patients. Learning and applying take a fraction
 * of the time at the paper's 1024 pixels, and they find more: see docs/tasks.md.
 */
export const TASK_ENCODER_SIZE = 512;

/** How tasks for other patients are learned, where that differs from the publication. */
export const TASK_TRAINING = { encoderSize: TASK_ENCODER_SIZE, average: true } as const;

/** Updates, and shots per update: with a single shot, the result depended on which came last. */
const ITERATIONS = 60;
export const SHOTS_PER_ITERATION = 4;

/** Updates for a task continued without its earlier slices: with more, it forgets them. */
export const FURTHER_ITERATIONS = 24;

/** At less than 1024 pixels a step takes a quarter of the time, and with 60 updates the result depended on the seed. */
const MORE_UPDATES = 2;

/**
 * Returns the number of updates of the decoder.
 *
 * @param encoderSize side of the encoder's input, pixels
 * @param continues whether a task is trained further without its earlier slices
 */
export function updatesFor(encoderSize: number, continues: boolean): number {
  const updates = continues ? FURTHER_ITERATIONS : ITERATIONS;
  return encoderSize < ENCODER_INPUT_SIZE ? MORE_UPDATES * updates : updates;
}

const COPIES = 4;

/** Embeddings held in memory at once, 1 MB each (4 MB at 1024 pixels): with many labeled slices there are fewer copies. */
const MOST_SHOTS = 100;

/** Returns the number of augmented copies of each labeled slice. */
export function copiesFor(slices: number): number {
  return Math.max(1, Math.min(COPIES, Math.floor(MOST_SHOTS / slices) - 1));
}

/** Amount of work of a learning run, to estimate its time. */
export interface LearningWork {
  /** Slices and copies to encode at 512 pixels; at 1024 pixels each counts four times. */
  encodings: number;
  /** Gradient computations, one per visit of a slice; at 1024 pixels each counts four times. */
  steps: number;
}

/**
 * Returns the work of `learnTask`.
 *
 * @param slices number of new labeled slices; `earlier` is the number of known ones
 */
export function learningWork({
  slices,
  earlier = 0,
  continues = false,
  encoderSize = TASK_ENCODER_SIZE,
  iterations = updatesFor(encoderSize, continues),
  copies = copiesFor(slices + earlier),
}: {
  slices: number;
  earlier?: number;
  continues?: boolean;
  encoderSize?: number;
  iterations?: number;
  copies?: number;
}): LearningWork {
  const area = (encoderSize / TASK_ENCODER_SIZE) ** 2;
  return {
    encodings: area * slices * (1 + copies),
    steps: area * iterations * SHOTS_PER_ITERATION,
  };
}
