import * as tf from '@tensorflow/tfjs-core';
import { usedNames } from './decoderNames';
import { toMatMulLayout, toSamLayout } from './matmulLayout';
import { weightMissing, type Weights } from './weights';
import type { Parameters } from './twoWayTransformer';

/** The decoder's tensors on the current tfjs backend. */
export interface DecoderParameters {
  get: Parameters;
  variables: Map<string, tf.Variable>;
  dispose(): void;
}

/**
 * Loads SAM's decoder weights onto the current backend as trainable variables.
 *
 * @param hypernetworks which of SAM's four hyper-networks are used
 * @throws FewshotError `model-altered` when no transformer is among the weights
 */
export function decoderParameters(
  weights: Weights,
  hypernetworks: readonly number[],
): DecoderParameters {
  const variables = new Map<string, tf.Variable>();
  for (const name of usedNames(weights, hypernetworks)) {
    const { shape, data } = toMatMulLayout(name, weights.get(name)!);
    const value = tf.tensor(data, shape, 'float32');
    // tfjs requires names unique over the page's lifetime; without one it makes a fresh name.
    variables.set(name, tf.variable(value));
    value.dispose();
  }
  return {
    variables,
    get: name => {
      const variable = variables.get(name);
      if (variable) return variable;
      throw weightMissing(name);
    },
    dispose: () => variables.forEach(variable => variable.dispose()),
  };
}

/** Returns the variables' current values in SAM's own layout. */
export async function readParameters({ variables }: DecoderParameters): Promise<Weights> {
  const weights: Weights = new Map();
  for (const [name, variable] of variables) {
    const data = (await variable.data()) as Float32Array;
    weights.set(name, toSamLayout(name, { shape: variable.shape, data }));
  }
  return weights;
}
