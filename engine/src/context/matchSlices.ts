import { QUARTERS, type TokenGrid } from './tokenGrid';
import type { TokenLabels } from './tokenLabels';

/** For each token: the sum of the weights of all tokens compared, and the weighted sum of their labels. */
export interface Votes {
  /** [tokens] */
  weights: Float32Array;
  /** [tokens, cells] */
  foreground: Float32Array;
}

/** Largest shift of a structure between two slices, in tokens. */
export const REACH = 5;
/** Cosine distance that counts as 1. */
export const COSINE_TEMPERATURE = 0.12;
/** Cost of a squared intensity difference of 1 (the whole window). */
const INTENSITY_FACTOR = 120;
/** The same cost for one quarter of a token. */
export const QUARTER_FACTOR = INTENSITY_FACTOR / QUARTERS;

/** Cost of the largest shift along one axis: higher for closer slices. */
const shiftFactor = (slicesApart: number) => 4 + 8 / slicesApart;

/** Cost of a squared shift of one token. */
export const shiftCost = (slicesApart: number) => shiftFactor(slicesApart) / REACH ** 2;

/** An implementation of `matchSlices`. */
export type MatchSlices = (
  target: TokenGrid,
  source: TokenGrid,
  labels: TokenLabels,
  slicesApart: number,
  active: Uint8Array,
) => Votes;

/**
 * Transfers labels from another slice without training: each token averages the labels of the other slice's
 * tokens in a window around its own position, weighted by similarity. The weight is `exp(-(1 - cosine) / T
 * - a * intensity difference² - b * shift²)`. In plain JavaScript, for any size: several times slower
 *   than `createMatcher`.
 *
 * @param labels of the source's tokens
 * @param slicesApart distance in slices, 1 for neighbors
 * @param active [tokens] 1 for the tokens to compute; the others get no votes
 */
export const matchSlices: MatchSlices = (target, source, labels, slicesApart, active) => {
  const { size, dimensions, rows, columns } = target;
  const cells = labels.length / (size * size);
  const weights = new Float32Array(size * size);
  const foreground = new Float32Array(size * size * cells);
  const labeled = tokensWithForeground(labels, size * size);
  const costOfShift = shiftCost(slicesApart);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const token = row * size + column;
      if (!active[token]) continue;
      const a = token * dimensions;
      let sum = 0;
      const lastRow = Math.min(source.rows - 1, row + REACH);
      const lastColumn = Math.min(source.columns - 1, column + REACH);
      for (let r = Math.max(0, row - REACH); r <= lastRow; r++) {
        for (let c = Math.max(0, column - REACH); c <= lastColumn; c++) {
          const other = r * size + c;
          const b = other * dimensions;
          const cosine = product(target.features, a, source.features, b, dimensions);
          let difference = 0;
          for (let q = 0; q < QUARTERS; q++) {
            const step =
              target.intensities[token * QUARTERS + q] - source.intensities[other * QUARTERS + q];
            difference += step * step;
          }
          const weight = Math.exp(
            (cosine - 1) / COSINE_TEMPERATURE -
              QUARTER_FACTOR * difference -
              costOfShift * ((r - row) ** 2 + (c - column) ** 2),
          );
          sum += weight;
          if (!labeled[other]) continue;
          for (let cell = 0; cell < cells; cell++) {
            foreground[token * cells + cell] += weight * labels[other * cells + cell];
          }
        }
      }
      weights[token] = sum;
    }
  }
  return { weights, foreground };
};

/** Dot product of two vectors. Four independent sums are nearly twice as fast as one. */
function product(
  left: Float32Array,
  a: number,
  right: Float32Array,
  b: number,
  length: number,
): number {
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  let i = 0;
  for (; i + 3 < length; i += 4) {
    sum0 += left[a + i] * right[b + i];
    sum1 += left[a + i + 1] * right[b + i + 1];
    sum2 += left[a + i + 2] * right[b + i + 2];
    sum3 += left[a + i + 3] * right[b + i + 3];
  }
  for (; i < length; i++) sum0 += left[a + i] * right[b + i];
  return sum0 + sum1 + sum2 + sum3;
}

/** Returns [tokens] 1 where any cell is foreground. */
export function tokensWithForeground(labels: TokenLabels, tokens: number): Uint8Array {
  const cells = labels.length / tokens;
  const some = new Uint8Array(tokens);
  for (let i = 0; i < labels.length; i++) if (labels[i] > 0) some[Math.floor(i / cells)] = 1;
  return some;
}

/** Least foreground fraction that counts: smaller ones would make every token active. */
const NEGLIGIBLE = 0.01;

/** Returns [tokens] 1 within reach of foreground in any of the labels: the structure can only be there. */
export function withinReach(labels: readonly TokenLabels[], size: number): Uint8Array {
  const near = new Uint8Array(size * size);
  for (const one of labels) {
    const cells = one.length / (size * size);
    for (let token = 0; token < size * size; token++) {
      let most = 0;
      for (let cell = 0; cell < cells; cell++) most = Math.max(most, one[token * cells + cell]);
      if (most < NEGLIGIBLE) continue;
      const [row, column] = [Math.floor(token / size), token % size];
      const [left, right] = [Math.max(0, column - REACH), Math.min(size - 1, column + REACH)];
      for (let r = Math.max(0, row - REACH); r <= Math.min(size - 1, row + REACH); r++) {
        near.fill(1, r * size + left, r * size + right + 1);
      }
    }
  }
  return near;
}
