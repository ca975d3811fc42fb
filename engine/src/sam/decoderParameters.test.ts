/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import * as tf from '@tensorflow/tfjs-core';
import { decoderWeights, WASM_PATH } from '../../../test/parity/realModel';
import { selectBackend } from '../runtime/selectBackend';
import { decoderParameters, readParameters } from './decoderParameters';
import type { Weights } from './weights';

const LINEAR = 'mask_decoder.transformer.layers.0.mlp.lin1.weight';
const KERNEL = 'mask_decoder.output_upscaling.3.weight';

/** 0, 1, 2, ... in the given shape. */
function counting(...shape: number[]) {
  const length = shape.reduce((product, size) => product * size, 1);
  return { shape, data: Float32Array.from({ length }, (_, i) => i) };
}

describe('decoderParameters', () => {
  let sam: Weights;
  beforeAll(async () => {
    await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
    sam = await decoderWeights();
  });

  it('gives SAM’s weights back bit by bit', async () => {
    const tensors = tf.memory().numTensors;
    const parameters = decoderParameters(sam, [0, 1, 2, 3]);
    const read = await readParameters(parameters);
    parameters.dispose();

    // What stays behind: prompt encoder, IoU token, mask tokens.
    const expected = [...sam.keys()].filter(name => /transformer|upscaling|hyper/.test(name));
    expect([...read.keys()]).toEqual(expected);
    for (const [name, { shape, data }] of read) {
      expect(shape).toEqual(sam.get(name)!.shape);
      expect(Buffer.compare(Buffer.from(data.buffer), bytesOf(sam.get(name)!.data))).toBe(0);
    }
    expect(tf.memory().numTensors).toBe(tensors);
  });

  it('holds linear weights as [in, out]', async () => {
    const parameters = decoderParameters(new Map([[LINEAR, counting(2, 3)]]), []);
    const variable = parameters.get(LINEAR);
    expect(variable.shape).toEqual([3, 2]);
    expect([...(await variable.data())]).toEqual([0, 3, 1, 4, 2, 5]);
    parameters.dispose();
  });

  it('holds kernels [in, out, 2, 2] as [in, 4 * out], all outputs of one child together', async () => {
    const parameters = decoderParameters(new Map([[KERNEL, counting(1, 2, 2, 2)]]), []);
    const variable = parameters.get(KERNEL);
    expect(variable.shape).toEqual([1, 8]);
    // Output 0 has the kernel 0 1 / 2 3, output 1 has 4 5 / 6 7.
    expect([...(await variable.data())]).toEqual([0, 4, 1, 5, 2, 6, 3, 7]);
    parameters.dispose();
  });

  it('takes only the hyper-networks asked for', () => {
    const parameters = decoderParameters(sam, [1, 2]);
    const networks = [...parameters.variables.keys()]
      .map(name => /hypernetworks_mlps\.(\d)/.exec(name)?.[1])
      .filter(number => number !== undefined);
    parameters.dispose();
    expect(networks.length).toBe(2 * 3 * 2);
    expect(new Set(networks)).toEqual(new Set(['1', '2']));
  });

  it('says which tensor is missing', () => {
    const parameters = decoderParameters(new Map([[LINEAR, counting(2, 3)]]), []);
    expect(() => parameters.get(KERNEL)).toThrow(
      expect.objectContaining({
        code: 'model-altered',
        message: `The decoder's weights lack "${KERNEL}".`,
      }),
    );
    parameters.dispose();
  });
});

function bytesOf(values: Float32Array): Buffer {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength);
}
