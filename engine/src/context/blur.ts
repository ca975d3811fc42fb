/**
 * Computes the weighted mean of each pixel and the eight around it; repeats the border.
 *
 * @param kernel weights of the previous, own and next pixel, along rows and columns
 */
export function blur(
  values: Float32Array,
  columns: number,
  kernel: readonly [number, number, number],
): Float32Array {
  const rows = values.length / columns;
  const [before, self, after] = kernel;
  const along = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      const left = values[column > 0 ? i - 1 : i];
      const right = values[column < columns - 1 ? i + 1 : i];
      along[i] = before * left + self * values[i] + after * right;
    }
  }
  const sum = (before + self + after) ** 2;
  const mean = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const up = row > 0 ? -columns : 0;
    const down = row < rows - 1 ? columns : 0;
    for (let column = 0; column < columns; column++) {
      const i = row * columns + column;
      mean[i] = (before * along[i + up] + self * along[i] + after * along[i + down]) / sum;
    }
  }
  return mean;
}
