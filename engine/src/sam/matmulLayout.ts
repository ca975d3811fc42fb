import type { WeightTensor } from './weights';

/**
 * Converts a weight from SAM's layout to the one in which a layer is `x W`: linear weights [out, in] ->
 * [in, out], transposed-convolution kernels [in, out, 2, 2] -> [in, 4 * out].
 */
export function toMatMulLayout(name: string, { shape, data }: WeightTensor): WeightTensor {
  if (shape.length === 4) return moveKernel(data, shape[0], shape[1], true);
  if (isLinear(name, shape)) return transpose({ shape, data });
  return { shape, data };
}

/** Inverse of `toMatMulLayout`. */
export function toSamLayout(name: string, { shape, data }: WeightTensor): WeightTensor {
  if (shape.length !== 2) return { shape, data: data.slice() };
  if (isTokens(name)) return { shape, data: data.slice() };
  if (name.includes('output_upscaling')) return moveKernel(data, shape[0], shape[1] / 4, false);
  return transpose({ shape, data });
}

function isLinear(name: string, { length }: readonly number[]): boolean {
  return length === 2 && name.endsWith('.weight') && !isTokens(name);
}

/** Tokens are looked up, not multiplied. */
function isTokens(name: string): boolean {
  return /tokens?\.weight$/.test(name);
}

/** Transposes a matrix of [rows, columns]. */
export function transpose({ shape: [rows, columns], data }: WeightTensor): WeightTensor {
  const moved = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      moved[column * rows + row] = data[row * columns + column];
    }
  }
  return { shape: [columns, rows], data: moved };
}

function moveKernel(
  data: Float32Array,
  inputs: number,
  outputs: number,
  toMatMul: boolean,
): WeightTensor {
  const moved = new Float32Array(data.length);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      for (let child = 0; child < 4; child++) {
        const sam = (input * outputs + output) * 4 + child;
        const matmul = (input * 4 + child) * outputs + output;
        if (toMatMul) moved[matmul] = data[sam];
        else moved[sam] = data[matmul];
      }
    }
  }
  return { shape: toMatMul ? [inputs, 4 * outputs] : [inputs, outputs, 2, 2], data: moved };
}
