import type { Caveat } from './state';

/** A slice with at least this expected Dice is sure, unless it has a caveat. */
export const SURE = 0.88;
const FAIR = 0.75;

/** 0 unsure, 1 fair, 2 sure. */
export type Sureness = 0 | 1 | 2;

/**
 * Sureness of a slice. A slice beyond the outermost outlines is fair at best, whatever its expected Dice:
 * no outline bounds it.
 *
 * @param confidence expected Dice, 0..1
 */
export function sureness(confidence: number, caveat: Caveat | null = null): Sureness {
  if (confidence < FAIR || caveat === 'no-promise') return 0;
  return confidence < SURE || caveat === 'extrapolated' ? 1 : 2;
}
