import * as tf from '@tensorflow/tfjs-core';
import { compare, testValues } from '../numeric/comparison';
import { layerNorm, linear, matMulWithTransposed, relu } from '../sam/operations';

/**
 * Refuses a backend with wrong products. Some GPU drivers and tfjs kernels compute them without an error,
 * and only for some shapes: stock tfjs-webgpu 4.22 gets a 7 x 2048 times (256 x 2048) transposed product
 * wrong, the shape of the MLP's backward pass. Compares products of the decoder's shapes and a gradient
 * through its building blocks with plain JavaScript.
 *
 * @throws Error naming the wrong product or gradient
 */
export async function selfTest(): Promise<void> {
  await checkProduct(7, 2048, 256);
  await checkProduct(64, 256, 128);
  await checkGradient();
}

async function checkProduct(rows: number, inner: number, columns: number): Promise<void> {
  const a = testValues(rows * inner, 1);
  const b = testValues(inner * columns, 2);
  const product = tf.tidy(() => {
    const matrix = tf.tensor2d(b, [inner, columns]);
    return matMulWithTransposed(tf.tensor2d(a, [rows, inner]), tf.transpose(matrix));
  });
  const actual = (await product.data()) as Float32Array;
  product.dispose();
  const expected = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < inner; i++) {
      for (let column = 0; column < columns; column++) {
        expected[row * columns + column] += a[row * inner + i] * b[i * columns + column];
      }
    }
  }
  compare(actual, expected, `the product of ${rows} x ${inner} and ${inner} x ${columns}`);
}

/** Checks the gradient of a small MLP with layer norm against central differences in float64. */
async function checkGradient(): Promise<void> {
  const [rows, width, hidden] = [3, 8, 2048];
  const x = testValues(rows * width, 3);
  const w1 = testValues(width * hidden, 4);
  const w2 = testValues(hidden * width, 5);
  const gradient = tf.tidy(() => {
    const weight1 = tf.tensor2d(w1, [width, hidden]);
    const weight2 = tf.tensor2d(w2, [hidden, width]);
    const forward = (input: tf.Tensor) => {
      const inner = relu(linear(input, weight1, tf.zeros([hidden])));
      const outer = linear(inner, weight2, tf.zeros([width]));
      return layerNorm(outer, tf.ones([width]), tf.zeros([width]), 1e-5);
    };
    const direction = tf.tensor2d(testValues(rows * width, 6), [rows, width]);
    return tf.grad(forward)(tf.tensor2d(x, [rows, width]), direction);
  });
  const actual = (await gradient.data()) as Float32Array;
  gradient.dispose();
  const expected = Float64Array.from(x, (_, i) => {
    const step = 1e-4;
    const at = (offset: number) => plainMlp(x, w1, w2, { rows, width, hidden, at: i, offset });
    return (at(step) - at(-step)) / (2 * step);
  });
  compare(actual, expected, 'the gradient of a layer');
}

interface PlainMlp {
  rows: number;
  width: number;
  hidden: number;
  /** Index of the input to change, and by how much. */
  at: number;
  offset: number;
}

function plainMlp(
  x: Float32Array,
  w1: Float32Array,
  w2: Float32Array,
  { rows, width, hidden, at, offset }: PlainMlp,
): number {
  const weights = testValues(rows * width, 6);
  const row = Math.floor(at / width);
  const input = Array.from({ length: width }, (_, i) => x[row * width + i]);
  input[at % width] += offset;
  const output = new Float64Array(width);
  for (let unit = 0; unit < hidden; unit++) {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += input[i] * w1[i * hidden + unit];
    if (sum <= 0) continue;
    for (let i = 0; i < width; i++) output[i] += sum * w2[unit * width + i];
  }
  const mean = output.reduce((sum, value) => sum + value, 0) / width;
  const variance = output.reduce((sum, value) => sum + (value - mean) ** 2, 0) / width;
  return output.reduce(
    (sum, value, i) =>
      sum + ((value - mean) / Math.sqrt(variance + 1e-5)) * weights[row * width + i],
    0,
  );
}
