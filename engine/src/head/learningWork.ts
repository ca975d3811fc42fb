import { FURTHER_ITERATIONS, type LearningWork } from '../finetune/learningWork';

/** Changed copies of each outlined slice: few outlines need many, or heads know them by heart. */
export const MOST_COPIES = 6;
/** Of all outlined slices together. */
const MOST_COPIED = 60;
/** Heads, each of which learns without one part of the slices. Their logits are averaged. */
export const HEADS = 5;
/** Adam updates of each head, and the slices of each update. */
export const HEAD_UPDATES = 100;
export const SHOTS_PER_UPDATE = 8;

/** From so many outlined parts of single images on, none is copied: each copy costs a whole encoding. */
const ENOUGH_PARTS = 15;

/** Changed copies of each outlined slice, or of each part of a single image. */
export function headCopiesFor(outlines: number, isTiled = false): number {
  if (isTiled && outlines >= ENOUGH_PARTS) return 0;
  return Math.max(1, Math.min(MOST_COPIES, Math.floor(MOST_COPIED / Math.max(1, outlines))));
}

/**
 * The work of `learnHeadTask`.
 *
 * @param outlined labeled slices that are new and show the structure, `absent` those that do not
 * @param earlier outlined slices that are known already
 */
export function headLearningWork({
  outlined,
  absent = 0,
  earlier = 0,
  continues = false,
  iterations = continues ? FURTHER_ITERATIONS : HEAD_UPDATES,
  copies = MOST_COPIES,
}: {
  outlined: number;
  absent?: number;
  earlier?: number;
  continues?: boolean;
  iterations?: number;
  copies?: number;
}): LearningWork {
  const each = Math.min(copies, headCopiesFor(outlined + (continues ? 0 : earlier)));
  const heads = continues ? HEADS : Math.min(HEADS, outlined + earlier);
  return {
    encodings: absent + outlined * (1 + each),
    steps: heads * iterations * SHOTS_PER_UPDATE,
  };
}
