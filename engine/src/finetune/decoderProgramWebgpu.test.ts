/** @jest-environment ./engine/src/program/webgpu/testEnvironment.mjs */
/** Compares the decoder on a software GPU with the CPU kernels: SAM's real weights, 2 x 2 tokens. */
import { decoderTraining } from '../../../test/parity/decoderGradients';
import { builtKernels } from '../../../test/parity/kernelDecoders';
import { decoderWeights } from '../../../test/parity/realModel';
import { slow, slowIt } from '../../../test/slow';
import { startWeights } from './startWeights';
import { executorSelfTest } from '../runtime/executorSelfTest';
import { createWasmExecutor } from '../program/wasm/executor';
import { createWebGpuExecutor } from '../program/webgpu/executor';
import { testDevice, withDevice } from '../program/webgpu/testDevice';

const SIZE = 2;
const MOST_DISPATCHES = 300;
const MOST_MILLISECONDS = 15;

withDevice('the decoder on WebGPU', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });
  afterAll(() => device?.destroy());

  it('passes the self-test', async () => {
    await executorSelfTest(program => createWebGpuExecutor(program, device));
  }, 120_000);

  it('has the same gradients and logits as the CPU, and the same loss after an update', async () => {
    const training = decoderTraining(startWeights(await decoderWeights()), SIZE);
    const cpu = await createWasmExecutor(training.program, await builtKernels(), 1);
    const gpu = await createWebGpuExecutor(training.program, device);
    const expected = await training.step(cpu);
    // The self-test computes gradients after an update; here the GPU takes half a minute for it.
    const actual = await training.step(gpu, cpu);
    const { gradients, logits } = training.compare(actual, expected);
    expect(gradients).toBeLessThan(1e-4);
    expect(logits).toBeLessThan(1e-4);
    expect(actual.lossAfter).toBeCloseTo(expected.lossAfter, 2);

    const dispatches = gpu.dispatches.gradient + gpu.dispatches.update;
    expect(dispatches).toBeLessThanOrEqual(MOST_DISPATCHES);
    cpu.dispose();
    gpu.dispose();
  }, 240_000);

  // The software GPU takes ten seconds or more for each step, on top of what is timed.
  slowIt()(
    slow('queues a step quickly'),
    async () => {
      const training = decoderTraining(startWeights(await decoderWeights()), SIZE);
      const gpu = await createWebGpuExecutor(training.program, device);
      await training.step(gpu);
      const times = Array.from({ length: 5 }, () => {
        const begin = performance.now();
        training.start(gpu);
        return performance.now() - begin;
      }).sort((a, b) => a - b);
      await training.finish(gpu);
      console.log(`A step: ${times[2].toFixed(1)} ms of JavaScript.`);
      expect(times[2]).toBeLessThan(MOST_MILLISECONDS);
      gpu.dispose();
    },
    240_000,
  );
});
