import * as tf from '@tensorflow/tfjs-core';

/*
 * The differentiable building blocks of the mask decoder. They define their own gradients instead of using
 * those of tfjs, for two reasons measured on 4.22: stock `matMul` gradients pass `transposeB`, which
 * tfjs-webgpu's MatMulSplitKProgram ignores for some shapes (wrong gradients without an error), and
 * explicit transposes make the wasm backend several times faster.
 */

interface Differentiable {
  value: tf.Tensor;
  /** Tensors that the gradient needs; tfjs disposes the others. */
  keep: tf.Tensor[];
  /** One tensor per input. */
  gradient: (dy: tf.Tensor, kept: tf.Tensor[]) => tf.Tensor[];
}

/** Runs `forward` with its own gradient. */
function differentiable(
  inputs: tf.Tensor[],
  forward: (...inputs: tf.Tensor[]) => Differentiable,
): tf.Tensor {
  return tf.customGrad((...all: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const save = all[all.length - 1] as tf.GradSaveFunc;
    const { value, keep, gradient } = forward(...(all.slice(0, -1) as tf.Tensor[]));
    save(keep);
    return { value, gradFunc: gradient };
  })(...inputs);
}

/** `a + b`, of one shape. */
export function add(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return differentiable([a, b], (x, y) => ({
    value: tf.add(x, y),
    keep: [],
    gradient: dy => [dy, dy],
  }));
}

/** `a bᵀ`: [m, k] and [n, k] -> [m, n]. */
export function matMulWithTransposed(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return differentiable([a, b], (x, y) => ({
    value: tf.matMul(x, transposed(y)),
    keep: [x, y],
    gradient: (dy, [left, right]) => [tf.matMul(dy, right), tf.matMul(transposed(dy), left)],
  }));
}

/**
 * `x W + b`.
 *
 * @param x [n, in]
 * @param weight [in, out]
 * @param bias [out]
 * @param options.constantInput true to skip the gradient of `x`, which saves a third of the time
 */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  { constantInput = false } = {},
): tf.Tensor {
  const inputs = constantInput ? [weight, bias] : [weight, bias, x];
  return differentiable(inputs, (w, b) => ({
    value: tf.add(tf.matMul(x, w), b),
    keep: [x, w],
    gradient: (dy, [input, matrix]) => {
      const gradients = [tf.matMul(transposed(input), dy), sumRows(dy)];
      if (!constantInput) gradients.push(tf.matMul(dy, transposed(matrix)));
      return gradients;
    },
  }));
}

/**
 * Transposed convolution with kernel and stride 2. The kernels do not overlap, so it is one product per
 * pixel; the four children of a pixel are stored one after the other, so no values move.
 *
 * @param x [n, in]
 * @param weight [in, 4 * out], children in the order top left, top right, bottom left, bottom right
 * @param bias [out]
 * @returns [4 * n, out]
 */
export function transposedConvolution(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor {
  return differentiable([x, weight, bias], (input, w, b) => {
    const outputs = b.shape[0]!;
    const product = tf.reshape(tf.matMul(input, w), [4 * input.shape[0], outputs]);
    return {
      value: tf.add(product, b),
      keep: [input, w],
      gradient: (dy, [pixels, matrix]) => {
        const children = tf.reshape(dy, [pixels.shape[0], 4 * outputs]);
        return [
          tf.matMul(children, transposed(matrix)),
          tf.matMul(transposed(pixels), children),
          sumRows(dy),
        ];
      },
    };
  });
}

/**
 * Multi-head scaled dot-product attention, `softmax(q kᵀ / sqrt(width)) v` for each head.
 *
 * @param query [n, heads * width]
 * @param key [m, heads * width]
 * @param value [m, heads * width]
 * @returns [n, heads * width]
 */
export function scaledDotProductAttention(
  query: tf.Tensor,
  key: tf.Tensor,
  value: tf.Tensor,
  heads: number,
): tf.Tensor {
  const width = query.shape[1]! / heads;
  const split = (x: tf.Tensor) =>
    tf.transpose(tf.reshape(x, [x.shape[0], heads, width]), [1, 0, 2]);
  const join = (x: tf.Tensor) =>
    tf.reshape(tf.transpose(x, [1, 0, 2]), [x.shape[1]!, heads * width]);
  const scale = 1 / Math.sqrt(width);
  return differentiable([query, key, value], (...inputs) => {
    const [q, k, v] = inputs.map(split);
    const shares = tf.softmax(tf.mul(tf.matMul(q, swapLastAxes(k)), scale));
    return {
      value: join(tf.matMul(shares, v)),
      keep: [q, k, v, shares],
      gradient: (dy, kept) => {
        const [queries, keys, values, weights] = kept;
        const dOutput = split(dy);
        const dWeights = tf.mul(tf.matMul(dOutput, swapLastAxes(values)), weights);
        const total = tf.sum(dWeights, -1, true);
        const dScores = tf.mul(tf.sub(dWeights, tf.mul(weights, total)), scale);
        return [
          join(tf.matMul(dScores, keys)),
          join(tf.matMul(swapLastAxes(dScores), queries)),
          join(tf.matMul(swapLastAxes(weights), dOutput)),
        ];
      },
    };
  });
}

/**
 * Layer normalization over the last axis: `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
 *
 * @param x [n, channels]
 * @param epsilon 1e-5 in PyTorch's LayerNorm, 1e-6 in SAM's LayerNorm2d
 */
export function layerNorm(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  epsilon: number,
): tf.Tensor {
  return differentiable([x, weight, bias], (input, w, b) => {
    const centerd = tf.sub(input, tf.mean(input, -1, true));
    const variance = tf.mean(tf.square(centerd), -1, true);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const unit = tf.mul(centerd, inverse);
    return {
      value: tf.add(tf.mul(unit, w), b),
      keep: [unit, inverse, w],
      gradient: (dy, [normalized, inverseDeviation, scale]) => {
        const dUnit = tf.mul(dy, scale);
        const along = tf.mul(normalized, tf.mean(tf.mul(dUnit, normalized), -1, true));
        const across = tf.sub(tf.sub(dUnit, tf.mean(dUnit, -1, true)), along);
        return [tf.mul(across, inverseDeviation), sumRows(tf.mul(dy, normalized)), sumRows(dy)];
      },
    };
  });
}

/** `max(x, 0)`. */
export function relu(x: tf.Tensor): tf.Tensor {
  return differentiable([x], input => ({
    value: tf.relu(input),
    keep: [input],
    gradient: (dy, [saved]) => [tf.mul(dy, tf.cast(tf.greater(saved, 0), 'float32'))],
  }));
}

/** The exact Gaussian error linear unit, `x (1 + erf(x / sqrt 2)) / 2`, as PyTorch's `nn.GELU()`. */
export function gelu(x: tf.Tensor): tf.Tensor {
  return differentiable([x], input => {
    const share = tf.add(tf.mul(tf.erf(tf.mul(input, Math.SQRT1_2)), 0.5), 0.5);
    return {
      value: tf.mul(input, share),
      keep: [input, share],
      gradient: (dy, [saved, cumulative]) => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(saved), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return [tf.mul(dy, tf.add(cumulative, tf.mul(saved, density)))];
      },
    };
  });
}

/** One row of [n, channels], as [1, channels]. */
export function row(x: tf.Tensor, index: number): tf.Tensor {
  return differentiable([x], input => ({
    value: tf.slice(input, [index, 0], [1, -1]),
    keep: [],
    gradient: dy => [
      tf.pad(dy, [
        [index, input.shape[0] - index - 1],
        [0, 0],
      ]),
    ],
  }));
}

/** Stacks matrices of equal width vertically. */
export function concatRows(parts: tf.Tensor[]): tf.Tensor {
  return differentiable(parts, (...inputs) => ({
    value: tf.concat(inputs, 0),
    keep: [],
    gradient: dy => {
      let start = 0;
      return inputs.map(({ shape: [rows] }) => {
        const part = tf.slice(dy, [start, 0], [rows, -1]);
        start += rows;
        return part;
      });
    },
  }));
}

/**
 * Transposes the last two axes by moving values: transpose flags are wrong on some backends (see above).
 */
function swapLastAxes(x: tf.Tensor): tf.Tensor {
  return tf.transpose(x, [0, 2, 1]);
}

function transposed(x: tf.Tensor): tf.Tensor2D {
  return tf.transpose(x as tf.Tensor2D, [1, 0]);
}

/**
 * [n, channels] -> [channels]. Do not replace it by a product with a row of ones: beyond 65536 rows that
 * writes out of bounds on tfjs-wasm 4.22, which leads to NaN or an abort.
 */
function sumRows(x: tf.Tensor): tf.Tensor {
  return tf.sum(x, 0);
}
