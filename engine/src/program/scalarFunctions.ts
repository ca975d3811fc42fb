/** Functions of single numbers in double precision, for the reference executor. */
import type { ActivationFunction } from './program';

/** Shares of 1 in proportion to `exp(score)`. */
export function softmax(scores: readonly number[]): number[] {
  const largest = Math.max(...scores);
  const exponentials = scores.map(score => Math.exp(score - largest));
  const total = exponentials.reduce((sum, value) => sum + value, 0);
  return exponentials.map(value => value / total);
}

/** `log(1 + exp(x))` */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** The activation function at `x`. */
export function activate(name: ActivationFunction, x: number): number {
  return name === 'relu' ? Math.max(x, 0) : x * normalCumulative(x);
}

/** Its derivative at `x`. */
export function slope(name: ActivationFunction, x: number): number {
  if (name === 'relu') return x > 0 ? 1 : 0;
  const density = Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
  return normalCumulative(x) + x * density;
}

/** Returns the cumulative distribution of the standard normal at `x`. */
function normalCumulative(x: number): number {
  return (1 + erf(x * Math.SQRT1_2)) / 2;
}

/**
 * Computes the error function by its series `2 / sqrt(pi) exp(-x²) (x + 2 x³ / 3 + 4 x⁵ / 15 + ...)`; no
 * term cancels another.
 */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let i = 1; Math.abs(term) > 1e-17 * Math.abs(sum); i++) {
    term *= (2 * x ** 2) / (2 * i + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-(x ** 2)) * sum;
}
