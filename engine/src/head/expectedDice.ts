/** Keeps the logit of a perfect or a failed agreement finite. */
const MARGIN = 0.01;
const logit = (value: number) => Math.log((value + MARGIN) / (1 + MARGIN - value));
/** The reverse of `logit`, within 0..1. */
const fromLogit = (value: number) => {
  const odds = Math.exp(value);
  return Math.min(1, Math.max(0, ((1 + MARGIN) * odds - MARGIN) / (1 + odds)));
};

/** Held-out slices that weigh as much as the assumption that probabilities hold. */
const PRIOR_SLICES = 5;

/**
 * Measures how much better or worse held-out slices are found than their probabilities imply.
 *
 * @param heldOut the Dice that `softDice` implies, and the true one, of each slice on which something was found
 * @returns offset for `expectedDice`
 */
export function calibrateDice(heldOut: readonly { implied: number; dice: number }[]): number {
  const sum = heldOut.reduce((total, { implied, dice }) => total + logit(dice) - logit(implied), 0);
  return sum / (heldOut.length + PRIOR_SLICES);
}

/** @returns expected Dice, 0..1 */
export function expectedDice(implied: number, calibration: number): number {
  return fromLogit(logit(implied) + calibration);
}
