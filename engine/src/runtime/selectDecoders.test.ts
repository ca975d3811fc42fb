/** @jest-environment ./engine/src/program/webgpu/testEnvironment.mjs */
/**
 * What learns when the GPU is missing, too small, wrong or lost. The GPU is SwiftShader, which the
 * plug-in leaves aside on purpose: here it says that it is hardware, and computes for real.
 */
import { builtKernels } from '../../../test/parity/kernelDecoders';
import { decoderWeights, WASM_PATH } from '../../../test/parity/realModel';
import type { DecoderEngine, Shot } from '../finetune/decoderEngine';
import { startWeights } from '../finetune/startWeights';
import { withDevice } from '../program/webgpu/testDevice';
import type { Weights } from '../sam/weights';
import { testValues } from '../numeric/comparison';
import { selectDecoders } from './selectDecoders';

const SIZE = 2;
const SIDE = 4 * SIZE;
const SHOT: Shot = {
  embedding: testValues(256 * SIZE * SIZE, 1),
  coverage: testValues(SIDE * SIDE, 2).map(value => Math.max(0, value)),
  valid: new Float32Array(SIDE * SIDE).fill(1),
};
const SETTINGS = { learningRate: 1e-3, betas: [0.9, 0.99] } as const;
const CPU = 'wasm (1 thread)';

type Change = (device: GPUDevice) => void;

/** The browser's GPU. @param change what is wrong with each device of it */
function gpu(change: Change = () => undefined, options?: GPURequestAdapterOptions) {
  return {
    requestAdapter: async () => {
      const adapter = (await globalThis.dawn!.requestAdapter(options))!;
      const info = { vendor: 'test', architecture: '', device: '', description: 'hardware' };
      return {
        info,
        features: adapter.features,
        limits: adapter.limits,
        requestDevice: async (descriptor?: GPUDeviceDescriptor) => {
          const device = await adapter.requestDevice(descriptor);
          change(device);
          return device;
        },
      };
    },
  };
}

const node = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
function browserWith(value: object | undefined): void {
  Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { gpu: value } });
}

withDevice('decoders on a GPU with a fault', () => {
  let sam: Weights;
  const devices: GPUDevice[] = [];
  const note: Change = device => void devices.push(device);
  beforeAll(async () => {
    sam = startWeights(await decoderWeights());
  });
  afterEach(() => {
    for (const device of devices.splice(0)) device.destroy();
    if (node) Object.defineProperty(globalThis, 'navigator', node);
    else Reflect.deleteProperty(globalThis, 'navigator');
  });

  const select = async (prefer: 'auto' | 'wasm' = 'auto') =>
    selectDecoders({ prefer, kernels: await builtKernels(), threads: 1, wasmPath: WASM_PATH });

  /** One step of learning. @returns its loss */
  async function learn(engine: DecoderEngine, before: () => void = () => undefined) {
    const trainer = await engine.train(sam, testValues(256, 3), [SHOT], SETTINGS);
    try {
      before();
      const { loss } = await trainer.addGradients(0);
      return await loss;
    } finally {
      trainer.dispose();
    }
  }

  it('lost while it learns: says so; another device learns, and so does the CPU', async () => {
    const cpu = await select('wasm');
    expect(cpu.description).toBe(CPU);
    const expected = await learn(cpu);
    browserWith(gpu(note));
    const engine = await select();
    expect(engine.description).toBe('webgpu');
    const failing = learn(engine, () => devices[0].destroy());
    await expect(failing).rejects.toMatchObject({
      code: 'gpu-lost',
      message: expect.stringMatching(/^The GPU stopped \(.+\)\.$/),
      remedy: expect.stringContaining('Try again'),
    });
    // What is started on it afterwards fails in the same words.
    await expect(learn(engine)).rejects.toMatchObject({ code: 'gpu-lost' });

    expect(await learn(await select())).toBeCloseTo(expected, 4);
    expect(await learn(await select('wasm'))).toBe(expected);
  }, 240_000);

  it.each<[string, object | undefined]>([
    ['no WebGPU', undefined],
    ['no adapter', { requestAdapter: async () => null }],
    [
      'an adapter that gives no device',
      {
        ...gpu(() => {
          throw new Error('no device');
        }),
      },
    ],
    ['the software GPU as it is', { requestAdapter: () => globalThis.dawn!.requestAdapter() }],
    ['a GPU that is lost at once', gpu(device => device.destroy())],
  ])(
    'the CPU learns where there is %s',
    async (_, found) => {
      browserWith(found);
      expect((await select()).description).toBe(CPU);
    },
    120_000,
  );

  it('the CPU learns where the GPU computes wrongly', async () => {
    const altered = jest.fn();
    browserWith(
      gpu(device => {
        note(device);
        const create = device.createShaderModule.bind(device);
        device.createShaderModule = descriptor => {
          const code = descriptor.code.replaceAll('max(', 'min(');
          if (code !== descriptor.code) altered();
          return create({ ...descriptor, code });
        };
      }),
    );
    expect((await select()).description).toBe(CPU);
    expect(altered).toHaveBeenCalled();
  }, 240_000);

  it('the CPU learns where the GPU is too small for our shaders, and gone for others', async () => {
    const small = gpu(note, { featureLevel: 'compatibility' });
    const requestAdapter = jest.fn(async () => null as unknown);
    browserWith({ requestAdapter: requestAdapter.mockImplementationOnce(small.requestAdapter) });
    const engine = await select();
    expect(devices[0].limits.maxComputeInvocationsPerWorkgroup).toBe(128);
    expect(engine.description).toBe(CPU);
    expect(await learn(engine)).toBeGreaterThan(0);
  }, 120_000);
});
