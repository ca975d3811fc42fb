import * as tf from '@tensorflow/tfjs-core';
import { FewshotError } from '../errors';
import type { Weights, WeightTensor } from './weights';
import type { Parameters } from './twoWayTransformer';

/** Which tensors of SAM's decoder take part: all that lead to masks `hypernetworks`. */
function isUsed(name: string, hypernetworks: readonly number[]): boolean {
  const hypernetwork = /output_hypernetworks_mlps\.(\d)\./.exec(name);
  if (hypernetwork) return hypernetworks.includes(Number(hypernetwork[1]));
  return name.startsWith('mask_decoder.transformer.') || name.includes('output_upscaling');
}

/** The decoder's tensors on the current tfjs backend. */
export interface DecoderParameters {
  get: Parameters;
  variables: Map<string, tf.Variable>;
  dispose(): void;
}

/**
 * Puts SAM's decoder weights on the current backend, as variables that can be trained.
 *
 * @param hypernetworks which of SAM's four hyper-networks are used
 * @throws FewshotError `model-altered` when no transformer is among the weights
 */
export function decoderParameters(
  weights: Weights,
  hypernetworks: readonly number[],
): DecoderParameters {
  const variables = new Map<string, tf.Variable>();
  for (const [name, tensor] of weights) {
    if (!isUsed(name, hypernetworks)) continue;
    const { shape, data } = toProductLayout(name, tensor);
    const value = tf.tensor(data, shape, 'float32');
    // tfjs keeps variables under a name that is unique over the page's life; none means a fresh one.
    variables.set(name, tf.variable(value));
    value.dispose();
  }
  return {
    variables,
    get: name => {
      const variable = variables.get(name);
      if (variable) return variable;
      throw new FewshotError(
        'model-altered',
        `The decoder's weights lack "${name}".`,
        'Run `npm run setup` to prepare the model again.',
      );
    },
    dispose: () => variables.forEach(variable => variable.dispose()),
  };
}

/** The variables' present values in SAM's own layout. */
export async function readParameters({ variables }: DecoderParameters): Promise<Weights> {
  const weights: Weights = new Map();
  for (const [name, variable] of variables) {
    const data = (await variable.data()) as Float32Array;
    weights.set(name, toSamLayout(name, { shape: variable.shape, data }));
  }
  return weights;
}

/**
 * SAM's layout -> the one in which a layer is `x W`: linear weights [out, in] -> [in, out],
 * transposed-convolution kernels [in, out, 2, 2] -> [in, 4 * out].
 */
function toProductLayout(name: string, { shape, data }: WeightTensor): WeightTensor {
  if (shape.length === 4) return moveKernel(data, shape[0], shape[1], true);
  if (shape.length === 2 && name.endsWith('.weight')) return transpose(data, shape[0], shape[1]);
  return { shape, data };
}

/** The inverse of `toProductLayout`. */
function toSamLayout(name: string, { shape, data }: WeightTensor): WeightTensor {
  if (shape.length !== 2) return { shape, data: data.slice() };
  if (name.includes('output_upscaling')) return moveKernel(data, shape[0], shape[1] / 4, false);
  return transpose(data, shape[0], shape[1]);
}

function transpose(data: Float32Array, rows: number, columns: number): WeightTensor {
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
  toProduct: boolean,
): WeightTensor {
  const moved = new Float32Array(data.length);
  for (let input = 0; input < inputs; input++) {
    for (let output = 0; output < outputs; output++) {
      for (let child = 0; child < 4; child++) {
        const sam = (input * outputs + output) * 4 + child;
        const product = (input * 4 + child) * outputs + output;
        if (toProduct) moved[product] = data[sam];
        else moved[sam] = data[product];
      }
    }
  }
  return { shape: toProduct ? [inputs, 4 * outputs] : [inputs, outputs, 2, 2], data: moved };
}
