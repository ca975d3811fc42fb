/** A fitted logistic regression. */
export interface LogisticFit {
  /** One per column. */
  weights: number[];
  /** Mean over all rows, nats. */
  crossEntropy: number;
}

const MOST_STEPS = 25;
const SMALL_STEP = 1e-6;
const TINY = 1e-12;

/**
 * Fits a logistic regression by Newton's method (iteratively reweighted least squares). All squared weights
 * are penalized by 1/2, so that separable data have a finite solution.
 *
 * @param rows predictors of each sample, all of the same length; add a column of 1 for an intercept
 *   @param truth label of each row, 0..1; a fraction counts partly for each class
 */
export function fitLogistic(
  rows: readonly (readonly number[])[],
  truth: readonly number[],
): LogisticFit {
  const size = rows[0].length;
  let weights = new Array<number>(size).fill(0);
  for (let step = 0; step < MOST_STEPS; step++) {
    const gradient = weights.map(weight => -weight);
    const hessian = weights.map((_, i) => weights.map((__, j) => (i === j ? 1 : 0)));
    rows.forEach((row, k) => {
      const p = predict(row, weights);
      const spread = p * (1 - p);
      for (let i = 0; i < size; i++) {
        gradient[i] += (truth[k] - p) * row[i];
        for (let j = 0; j < size; j++) hessian[i][j] += spread * row[i] * row[j];
      }
    });
    const change = solve(hessian, gradient);
    weights = weights.map((weight, i) => weight + change[i]);
    if (Math.max(...change.map(Math.abs)) < SMALL_STEP) break;
  }
  const total = rows.reduce((sum, row, k) => {
    const p = predict(row, weights);
    return sum - truth[k] * Math.log(p + TINY) - (1 - truth[k]) * Math.log(1 - p + TINY);
  }, 0);
  return { weights, crossEntropy: total / rows.length };
}

function predict(row: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < row.length; i++) sum += row[i] * weights[i];
  return 1 / (1 + Math.exp(-sum));
}

/** Solves a positive definite system by Gaussian elimination, which needs no pivoting here. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const size = right.length;
  const system = matrix.map((row, i) => [...row, right[i]]);
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      const factor = system[j][i] / system[i][i];
      for (let k = i; k <= size; k++) system[j][k] -= factor * system[i][k];
    }
  }
  const result = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let rest = system[i][size];
    for (let k = i + 1; k < size; k++) rest -= system[i][k] * result[k];
    result[i] = rest / system[i][i];
  }
  return result;
}
