/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import * as tf from '@tensorflow/tfjs-core';
import { WASM_PATH } from '../../../test/parity/realModel';
import { selectBackend } from './selectBackend';
import { selfTest } from './selfTest';

/** Pretends that this is a browser with such a GPU adapter; there is none in Node. */
function withAdapter(adapter: { info: object } | null): void {
  Object.defineProperty(globalThis, 'navigator', {
    configurable: true,
    value: { gpu: { requestAdapter: async () => adapter } },
  });
}
const node = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
afterEach(() => {
  if (node) Object.defineProperty(globalThis, 'navigator', node);
  else Reflect.deleteProperty(globalThis, 'navigator');
});

describe('selectBackend in Node', () => {
  it('starts wasm, which computes correctly', async () => {
    const backend = await selectBackend({ wasmPath: WASM_PATH });
    expect(backend).toEqual({ name: 'wasm', description: 'wasm (1 thread)' });
    expect(tf.getBackend()).toBe('wasm');
    await expect(selfTest()).resolves.toBeUndefined();
  });

  it('starts it again, with or without a slash at the end of the path', async () => {
    const options = { prefer: 'wasm', wasmPath: `${WASM_PATH}/` } as const;
    expect((await selectBackend(options)).name).toBe('wasm');
  });

  it.each([
    ['no adapter', null],
    ['a CPU that pretends to be a GPU', { info: { vendor: 'google', description: 'SwiftShader' } }],
  ])('takes wasm where there is %s', async (_, adapter) => {
    withAdapter(adapter);
    expect((await selectBackend({ wasmPath: WASM_PATH })).name).toBe('wasm');
  });

  it('says so when the GPU that was asked for is not there', async () => {
    await expect(selectBackend({ prefer: 'webgpu', wasmPath: WASM_PATH })).rejects.toMatchObject({
      code: 'backend-unusable',
      message: 'Learning could not start on webgpu: this browser offers no hardware GPU adapter.',
      remedy: 'Choose the CPU backend, or a browser and computer with WebGPU.',
    });
  });
});
