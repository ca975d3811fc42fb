/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { selfTest } from './selfTest';

/** Changes what a kernel has computed, given the shapes of its inputs. */
type Damage = (result: Float32Array, inputs: readonly number[][]) => void;

/** Starts a copy of the `cpu` backend, one kernel of which computes wrongly. */
async function startDamaged(kernelName: string, damage: Damage): Promise<void> {
  const backendName = 'damaged';
  tf.registerBackend(backendName, () => new MathBackendCPU());
  tf.copyRegisteredKernels('cpu', backendName);
  const { kernelFunc } = tf.getKernel(kernelName, 'cpu');
  tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: params => {
      const output = kernelFunc(params) as tf.TensorInfo;
      const backend = params.backend as MathBackendCPU;
      const shapes = Object.values(params.inputs).map(input => (input as tf.TensorInfo).shape);
      damage(backend.data.get(output.dataId).values as Float32Array, shapes);
      return output;
    },
  });
  await tf.setBackend(backendName);
}

describe('selfTest', () => {
  beforeAll(() => jest.spyOn(console, 'warn').mockImplementation()); // tfjs recommends tfjs-node.
  afterAll(() => jest.restoreAllMocks());
  beforeEach(() => tf.setBackend('cpu'));
  afterEach(async () => {
    await tf.setBackend('cpu');
    if (!tf.engine().registryFactory.damaged) return;
    tf.getKernelsForBackend('damaged').forEach(({ kernelName }) =>
      tf.unregisterKernel(kernelName, 'damaged'),
    );
    tf.removeBackend('damaged');
  });

  it('passes a backend that computes correctly, and leaves nothing on it', async () => {
    const before = tf.memory().numTensors;
    await expect(selfTest()).resolves.toBeUndefined();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('passes a copy of it, so that what follows is due to the damage', async () => {
    await startDamaged('BatchMatMul', () => {});
    await expect(selfTest()).resolves.toBeUndefined();
  });

  it.each<[string, string, Damage, string]>([
    [
      'a long product whose last value is missing',
      'BatchMatMul',
      (result, [[, inner]]) => {
        if (inner >= 2000) result[result.length - 1] = 0;
      },
      'wrong results for the product of 7 x 2048 and 2048 x 256',
    ],
    [
      'a product of many rows that is wrong',
      'BatchMatMul',
      (result, [[rows]]) => {
        if (rows === 64) result.reverse();
      },
      'wrong results for the product of 64 x 256 and 256 x 128',
    ],
    [
      'products of NaN',
      'BatchMatMul',
      result => result.fill(NaN),
      'wrong results for the product of 7 x 2048 and 2048 x 256',
    ],
    [
      'products of 0, as after a lost GPU',
      'BatchMatMul',
      result => result.fill(0),
      'wrong results for the product of 7 x 2048 and 2048 x 256',
    ],
    [
      'products with too few digits',
      'BatchMatMul',
      result => result.forEach((value, i) => (result[i] = value * (1 + 0.005 * (i % 2)))),
      'wrong results for the product of 7 x 2048 and 2048 x 256',
    ],
    [
      'a wrong product that only the gradient needs',
      'BatchMatMul',
      (result, [[rows, inner]]) => {
        if (rows === 3 && inner === 8) result.reverse();
      },
      'wrong results for the gradient of a layer',
    ],
    [
      'a wrong step of layer normalization',
      'Rsqrt',
      result => result.forEach((value, i) => (result[i] = 1.01 * value)),
      'wrong results for the gradient of a layer',
    ],
  ])('refuses %s', async (_, kernel, damage, message) => {
    await startDamaged(kernel, damage);
    await expect(selfTest()).rejects.toThrow(message);
  });
});
