import type { Triple } from './grid';

export const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: ArrayLike<number>, b: ArrayLike<number>): Triple => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const subtract = (a: ArrayLike<number>, b: ArrayLike<number>): Triple => [
  a[0] - b[0],
  a[1] - b[1],
  a[2] - b[2],
];

/** start + factor * along */
export const moved = (
  start: ArrayLike<number>,
  along: ArrayLike<number>,
  factor: number,
): Triple => [
  start[0] + factor * along[0],
  start[1] + factor * along[1],
  start[2] + factor * along[2],
];

export const length = (a: ArrayLike<number>): number => Math.hypot(a[0], a[1], a[2]);

export function unit(a: ArrayLike<number>): Triple {
  const size = length(a);
  return [a[0] / size, a[1] / size, a[2] / size];
}
