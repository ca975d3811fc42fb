import type { LearningWork } from 'fewshot-sam';

/** Seconds that this computer takes. */
export interface Speeds {
  /** To encode one slice. */
  encode: number;
  /** To learn from one slice once. */
  step: number;
}

/** Of a computer with two cores and no GPU, until this one was measured. */
export const UNMEASURED: Speeds = { encode: 1.8, step: 0.33 };

/** How long learning takes. */
export function learningSeconds({ encodings, steps }: LearningWork, speeds: Speeds): number {
  return encodings * speeds.encode + steps * speeds.step;
}

/**
 * Speeds as they came out. What the cache held was not encoded: then the old speed stays.
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

/** A cache answers at least this much faster than any encoder. */
const CACHED = 0.2;
