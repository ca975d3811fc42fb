/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { inDoublePrecision } from '../../../test/parity/doublePrecision';
import { WASM_PATH } from '../../../test/parity/realModel';
import { selectBackend } from '../runtime/selectBackend';
import {
  add,
  concatRows,
  gelu,
  layerNorm,
  linear,
  matMulWithTransposed,
  relu,
  row,
  scaledDotProductAttention,
  transposedConvolution,
} from './operations';

/** Deterministic values in -1..1, none of them within 1e-3 of relu's kink at 0. */
function values(length: number, seed: number): number[] {
  return Array.from({ length }, (_, i) => {
    const value = Math.sin((i + 1) * 12.9898 + seed * 78.233);
    return Math.abs(value) < 1e-3 ? 0.5 : value;
  });
}

type Shape = [number] | [number, number];
type Operation = (...inputs: tf.Tensor[]) => tf.Tensor;

/** Every operation, with the shapes of its inputs. */
const OPERATIONS: [name: string, operation: Operation, shapes: Shape[]][] = [
  [
    'add',
    add,
    [
      [3, 4],
      [3, 4],
    ],
  ],
  [
    'matMulWithTransposed',
    matMulWithTransposed,
    [
      [2, 5],
      [3, 5],
    ],
  ],
  ['linear', (x, w, b) => linear(x, w, b), [[3, 4], [4, 2], [2]]],
  ['transposedConvolution', transposedConvolution, [[3, 4], [4, 8], [2]]],
  [
    'scaledDotProductAttention',
    (q, k, v) => scaledDotProductAttention(q, k, v, 2),
    [
      [3, 6],
      [4, 6],
      [4, 6],
    ],
  ],
  ['layerNorm', (x, w, b) => layerNorm(x, w, b, 1e-5), [[3, 6], [6], [6]]],
  ['relu', relu, [[3, 4]]],
  ['gelu', gelu, [[3, 4]]],
  ['row', x => row(x, 1), [[3, 4]]],
  [
    'concatRows',
    (...parts) => concatRows(parts),
    [
      [1, 4],
      [3, 4],
      [2, 4],
    ],
  ],
];

const size = (shape: Shape) => shape.reduce((product: number, side) => product * side, 1);
const inputsOf = (shapes: Shape[]) =>
  shapes.map((shape, i) => tf.tensor(Float32Array.from(values(size(shape), i)), shape));

/** `sum(operation(inputs) * weights)` with fixed weights, so that every output counts differently. */
function weighted(operation: Operation, inputs: tf.Tensor[]): tf.Scalar {
  const output = operation(...inputs);
  return tf.sum(tf.mul(output, tf.tensor(values(output.size, 9), output.shape)));
}

function gradientsOf(operation: Operation, inputs: tf.Tensor[]): number[][] {
  return tf.tidy(() => {
    const output = tf.tidy(() => operation(...inputs));
    const dy = tf.tensor(values(output.size, 9), output.shape);
    return tf
      .grads(operation)(inputs, dy)
      .map(gradient => [...gradient.dataSync()]);
  });
}

beforeAll(async () => {
  jest.spyOn(console, 'warn').mockImplementation(); // tfjs recommends another package.
  await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
});
beforeEach(() => tf.setBackend('cpu'));
afterAll(() => jest.restoreAllMocks());

describe('gradients', () => {
  it.each(OPERATIONS)('%s: as central differences', (_, operation, shapes) => {
    inDoublePrecision(() => {
      const gradients = gradientsOf(operation, inputsOf(shapes));
      shapes.forEach((shape, input) => {
        for (let at = 0; at < size(shape); at++) {
          const valueAt = (step: number) =>
            tf.tidy(() => {
              const inputs = inputsOf(shapes);
              const moved = inputs[input].dataSync().slice();
              moved[at] += step;
              inputs[input] = tf.tensor(moved, shape);
              return weighted(operation, inputs).dataSync()[0];
            });
          const slope = (valueAt(1e-5) - valueAt(-1e-5)) / 2e-5;
          // gelu: erf of tfjs is good to 1.5e-7.
          expect(gradients[input][at]).toBeCloseTo(slope, 5);
        }
      });
    });
  });

  it.each(OPERATIONS)('%s: the same on wasm', async (_, operation, shapes) => {
    const expected = gradientsOf(operation, inputsOf(shapes));
    await tf.setBackend('wasm');
    const actual = gradientsOf(operation, inputsOf(shapes));
    actual.forEach((gradient, input) =>
      gradient.forEach((value, at) => expect(value).toBeCloseTo(expected[input][at], 5)),
    );
  });

  it('linear: none with respect to a constant input, the same ones otherwise', () => {
    const [x, weight, bias] = inputsOf([[3, 4], [4, 2], [2]]);
    const [dW, db] = gradientsOf(
      (w, b) => linear(x, w, b, { constantInput: true }),
      [weight, bias],
    );
    const [, expectedW, expectedB] = gradientsOf(
      (...all) => linear(all[0], all[1], all[2]),
      [x, weight, bias],
    );
    expect([dW, db]).toEqual([expectedW, expectedB]);
    expect(() => gradientsOf(y => linear(y, weight, bias, { constantInput: true }), [x])).toThrow(
      'Cannot compute gradient',
    );
  });
});

describe('values', () => {
  const numbers = (tensor: tf.Tensor) => [...tensor.dataSync()];
  const close = (tensor: tf.Tensor, expected: number[]) =>
    numbers(tensor).forEach((value, i) => expect(value).toBeCloseTo(expected[i], 5));

  it('matMulWithTransposed: rows times rows', () => {
    const product = matMulWithTransposed(
      tf.tensor2d([[1, 2]]),
      tf.tensor2d([
        [3, 4],
        [5, 6],
        [0, 1],
      ]),
    );
    expect(numbers(product)).toEqual([11, 17, 2]);
  });

  it('linear: x W + b', () => {
    const y = linear(
      tf.tensor2d([[1, 2]]),
      tf.tensor2d([
        [1, 0],
        [0, 10],
      ]),
      tf.tensor1d([0.5, 1]),
    );
    expect(numbers(y)).toEqual([1.5, 21]);
  });

  it('transposedConvolution: each pixel becomes four, one after the other', () => {
    // One input, one output: the kernel is 1 2 / 3 4, the bias 100.
    const y = transposedConvolution(
      tf.tensor2d([[1], [10]]),
      tf.tensor2d([[1, 2, 3, 4]]),
      tf.tensor1d([100]),
    );
    expect(y.shape).toEqual([8, 1]);
    expect(numbers(y)).toEqual([101, 102, 103, 104, 110, 120, 130, 140]);
  });

  it('layerNorm: mean 0 and variance 1 of each row, then weight and bias', () => {
    const y = layerNorm(
      tf.tensor2d([
        [1, 3],
        [-20, 20],
      ]),
      tf.tensor1d([1, 2]),
      tf.tensor1d([0, 5]),
      0,
    );
    close(y, [-1, 7, -1, 7]);
  });

  it('relu and gelu', () => {
    expect(numbers(relu(tf.tensor1d([-2, 0, 3])))).toEqual([0, 0, 3]);
    // Values of PyTorch's nn.GELU().
    close(gelu(tf.tensor2d([[-1, 0, 1, 2]])), [-0.158655, 0, 0.841345, 1.954499]);
  });

  it('scaledDotProductAttention: each head by itself', () => {
    // Width 1. Head 0 weighs the keys 0 and ln 3 as 1 : 3, head 1 sees equal keys.
    const key = tf.tensor2d([
      [0, 1],
      [Math.log(3), 1],
    ]);
    const value = tf.tensor2d([
      [0, 10],
      [8, 20],
    ]);
    close(scaledDotProductAttention(tf.tensor2d([[1, 7]]), key, value, 2), [6, 15]);
  });

  it('scaledDotProductAttention: divides by the root of the width', () => {
    // One head of width 4: the scores 0 and 2 ln 3 count as 0 and ln 3.
    const key = tf.tensor2d([
      [0, 0, 0, 0],
      [2 * Math.log(3), 0, 0, 0],
    ]);
    const value = tf.tensor2d([
      [0, 0, 0, 0],
      [8, 4, 0, 0],
    ]);
    close(scaledDotProductAttention(tf.tensor2d([[1, 5, 5, 5]]), key, value, 1), [6, 3, 0, 0]);
  });
});

describe('on wasm', () => {
  // A product with a row of ones, the quick way to sum rows, breaks there over so many.
  it('sums the gradient of a bias over 65536 rows', async () => {
    await tf.setBackend('wasm');
    const rows = 65536;
    const gradients = tf.tidy(() => {
      const x = tf.zeros([rows, 8]);
      const inputs = [tf.zeros([8, 4]), tf.zeros([4])];
      const dy = tf.tensor2d(
        Float32Array.from({ length: rows * 4 }, (_, i) => i % 4),
        [rows, 4],
      );
      const operation = (w: tf.Tensor, b: tf.Tensor) => linear(x, w, b, { constantInput: true });
      return tf
        .grads(operation)(inputs, dy)
        .map(gradient => [...gradient.dataSync()]);
    });
    expect(gradients[1]).toEqual([0, rows, 2 * rows, 3 * rows]);
  });
});
