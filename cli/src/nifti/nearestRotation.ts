import { invert3x3 } from 'fewshot-sam';

/**
 * The orthonormal matrix that is nearest to a matrix (its polar factor, by Newton's iteration: Higham
 * 1986, Computing the Polar Decomposition). Keeps a mirror a mirror.
 *
 * @param matrix 3 x 3, row-major, not singular
 */
export function nearestRotation(matrix: readonly number[]): number[] {
  let current = [...matrix];
  for (let round = 0; round < 20; round++) {
    const inverse = invert3x3(current);
    const next = current.map((value, i) => (value + inverse[(i % 3) * 3 + Math.floor(i / 3)]) / 2);
    const change = Math.max(...next.map((value, i) => Math.abs(value - current[i])));
    current = next;
    if (change < 1e-14) break;
  }
  return current;
}
