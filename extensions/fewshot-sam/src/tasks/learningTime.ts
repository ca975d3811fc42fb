import type { LearningWork, TaskMetadata } from 'fewshot-sam';

/** Speed of this computer, in seconds. */
export interface Speeds {
  /** To encode one slice at 512 pixels. */
  encode: number;
  /** To learn from one slice once. */
  step: number;
}

/** Speeds of a computer with two cores and no GPU, by method, used until this one was measured. */
export const UNMEASURED: Readonly<Record<TaskMetadata['method'], Speeds>> = {
  paper: { encode: 0.35, step: 0.09 },
  head: { encode: 0.35, step: 0.015 },
};

/** Estimated time to learn a task. */
export function learningSeconds({ encodings, steps }: LearningWork, speeds: Speeds): number {
  return encodings * speeds.encode + steps * speeds.step;
}

/**
 * Updates the speeds after learning. Slices from the cache say nothing about encoding: keep the old speed
 * then.
 *
 * @param seconds as `learnTask` measured them
 */
export function measuredSpeeds(
  { encodings, steps }: LearningWork,
  seconds: { encode: number; fit: number },
  before: Speeds,
): Speeds {
  const encode = encodings ? seconds.encode / encodings : 0;
  const isEncoded = encode > CACHED * before.encode;
  return {
    encode: isEncoded ? encode : before.encode,
    step: steps ? seconds.fit / steps : before.step,
  };
}

/** Below this share of the known time, slices came from the cache. */
const CACHED = 0.2;
