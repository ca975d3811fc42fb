import * as tf from '@tensorflow/tfjs-core';

/*
 * The differentiable building blocks of the mask decoder. Their gradients are written here and not
 * taken from tfjs for two reasons, both measured on 4.22: stock `matMul` gradients pass `transposeB`,
 * which tfjs-webgpu's MatMulSplitKProgram ignores for some shapes (wrong gradients without an
 * error), and explicit transposes make the wasm backend several times faster.
 */

/** `a` times `b` over the last two axes; [..., m, k] x [..., k, n] -> [..., m, n]. */
export function matMul(a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const multiply = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [x, y, save] = inputs as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([x, y]);
    return {
      value: tf.matMul(x, y),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => [
        tf.matMul(dy, swapLastAxes(saved[1])),
        tf.matMul(swapLastAxes(saved[0]), dy),
      ],
    };
  });
  return multiply(a, b);
}

/**
 * `x W + b`.
 *
 * @param x [n, in]
 * @param weight [in, out]
 * @param bias [out]
 * @param options.constantInput true when no gradient with respect to `x` is wanted: saves a third
 */
export function linear(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias: tf.Tensor,
  { constantInput = false } = {},
): tf.Tensor {
  const compute = (
    input: tf.Tensor,
    w: tf.Tensor,
    b: tf.Tensor,
    save: tf.GradSaveFunc,
    needsInput: boolean,
  ) => {
    save([input, w]);
    return {
      value: tf.add(tf.matMul(input, w), b),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const gradients = [tf.matMul(swapLastAxes(saved[0]), dy), sumRows(dy)];
        return needsInput
          ? [tf.matMul(dy, swapLastAxes(saved[1])), ...gradients]
          : (gradients as tf.Tensor[]);
      },
    };
  };
  if (constantInput) {
    return tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
      const [w, b, save] = inputs as [tf.Tensor, tf.Tensor, tf.GradSaveFunc];
      return compute(x, w, b, save, false);
    })(weight, bias);
  }
  return tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, w, b, save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    return compute(input, w, b, save, true);
  })(x, weight, bias);
}

/**
 * Layer normalisation over the last axis: `(x - mean) / sqrt(variance + epsilon) * weight + bias`.
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
  const normalise = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, w, b, save] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const centred = tf.sub(input, tf.mean(input, -1, true));
    const inverseDeviation = tf.rsqrt(
      tf.add(tf.mean(tf.square(centred), -1, true), tf.scalar(epsilon)),
    );
    const normalised = tf.mul(centred, inverseDeviation);
    save([normalised, inverseDeviation, w]);
    return {
      value: tf.add(tf.mul(normalised, w), b),
      gradFunc: (dy: tf.Tensor, [unit, inverse, scale]: tf.Tensor[]) => {
        const dUnit = tf.mul(dy, scale);
        const projection = tf.mul(unit, tf.mean(tf.mul(dUnit, unit), -1, true));
        const dx = tf.mul(tf.sub(tf.sub(dUnit, tf.mean(dUnit, -1, true)), projection), inverse);
        return [dx, sumRows(tf.mul(dy, unit)), sumRows(dy)];
      },
    };
  });
  return normalise(x, weight, bias);
}

/** `max(x, 0)`. */
export function relu(x: tf.Tensor): tf.Tensor {
  const rectify = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([input]);
    return {
      value: tf.relu(input),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        tf.mul(dy, tf.cast(tf.greater(saved, 0), 'float32')),
    };
  });
  return rectify(x);
}

/** The exact Gaussian error linear unit, `x (1 + erf(x / sqrt 2)) / 2`, as PyTorch's `nn.GELU()`. */
export function gelu(x: tf.Tensor): tf.Tensor {
  const activate = tf.customGrad((...inputs: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    const share = tf.add(tf.mul(tf.erf(tf.mul(input, Math.SQRT1_2)), 0.5), 0.5);
    save([input, share]);
    return {
      value: tf.mul(input, share),
      gradFunc: (dy: tf.Tensor, [saved, cumulative]: tf.Tensor[]) => {
        const density = tf.mul(tf.exp(tf.mul(tf.square(saved), -0.5)), 1 / Math.sqrt(2 * Math.PI));
        return tf.mul(dy, tf.add(cumulative, tf.mul(saved, density)));
      },
    };
  });
  return activate(x);
}

/** Transposes the last two axes by moving values, so that no backend sees a transpose flag. */
export function swapLastAxes(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, i) => i);
  [axes[axes.length - 2], axes[axes.length - 1]] = [axes[axes.length - 1], axes[axes.length - 2]];
  return tf.transpose(x, axes);
}

/** [n, channels] -> [channels], as a product with ones: faster than a reduction over axis 0. */
function sumRows(x: tf.Tensor): tf.Tensor {
  return tf.reshape(tf.matMul(tf.ones([1, x.shape[0]]), x as tf.Tensor2D), [-1]);
}
