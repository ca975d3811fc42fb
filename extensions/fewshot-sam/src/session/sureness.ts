import type { Caveat } from './state';

/** A slice with this expected Dice or more is sure, unless something speaks against it. */
export const SURE = 0.88;
const FAIR = 0.75;

/** 0 unsure, 1 fair, 2 sure. */
export type Sureness = 0 | 1 | 2;

/**
 * How sure a slice came out. Nothing drawn bounds what was found beyond the outermost outlines, so that
 * is fair at best, whatever its expected Dice.
 *
 * @param confidence expected Dice, 0..1
 */
export function sureness(confidence: number, caveat: Caveat | null = null): Sureness {
  if (confidence < FAIR || caveat === 'no-promise') return 0;
  return confidence < SURE || caveat === 'extrapolated' ? 1 : 2;
}
