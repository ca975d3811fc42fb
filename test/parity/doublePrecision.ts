import * as tf from '@tensorflow/tfjs-core';

/**
 * Runs `body` with the `cpu` backend of TensorFlow.js in double precision: that backend is plain
 * JavaScript and computes in whatever `Float32Array` is. The code under test stays the same, and
 * finite differences become exact enough to be compared with gradients of a network full of kinks,
 * which in single precision they are not. Tensors of outside must not be used inside.
 */
export function inDoublePrecision<T>(body: () => T): T {
  if (tf.getBackend() !== 'cpu') throw new Error(`The backend is ${tf.getBackend()}, not cpu.`);
  const { platform } = tf.env();
  const { Float32Array: single } = globalThis;
  const { isTypedArray } = platform;
  globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor;
  platform.isTypedArray = (values): values is Float32Array => ArrayBuffer.isView(values);
  try {
    return body();
  } finally {
    globalThis.Float32Array = single;
    platform.isTypedArray = isTypedArray;
  }
}
