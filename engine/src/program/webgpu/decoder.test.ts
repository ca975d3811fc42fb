/** @jest-environment ./engine/src/program/webgpu/testEnvironment.mjs */
/** The decoder with SAM's real weights on a software GPU, beside the CPU's kernels: 2 x 2 tokens. */
import { builtKernels } from '../../../../test/parity/kernelDecoders';
import { decoderWeights } from '../../../../test/parity/realModel';
import { startWeights } from '../../fewshot/startWeights';
import { testValues } from '../../runtime/comparison';
import { executorSelfTest } from '../../runtime/executorSelfTest';
import type { Weights } from '../../sam/weights';
import { usedNames } from '../../sam/decoderNames';
import { decoderProgram } from '../decoderProgram';
import { packParameters, parameterLayout } from '../parameterLayout';
import type { Executor } from '../program';
import { createWasmExecutor } from '../wasm/executor';
import { createWebGpuExecutor } from './executor';
import { testDevice, withDevice } from './testDevice';

const SIZE = 2;
const SIDE = 4 * SIZE;
const PROMPTS = 5;
const MOST_LAUNCHES = 300;
const MOST_MILLISECONDS = 15;

const wave = (length: number, seed: number) => testValues(length, seed).map(value => value / 2);
const SHOT = {
  embedding: wave(256 * SIZE * SIZE, 1),
  coverage: wave(SIDE * SIDE, 2).map(value => Math.max(0, 2 * value)),
  valid: new Float32Array(SIDE * SIDE).fill(1),
};
const TRAINING = { learningRate: 1e-3, betas: [0.9, 0.99] } as const;

/** Relative to the largest value; NaN where one is. */
function largestDifference(actual: Float32Array, expected: Float32Array): number {
  const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return (
    actual.reduce((max, value, i) => Math.max(max, Math.abs(value - expected[i])), 0) / largest
  );
}

withDevice('the decoder on WebGPU', () => {
  let device: GPUDevice;
  let start: Weights;
  beforeAll(async () => {
    device = await testDevice();
    start = startWeights(await decoderWeights());
  });
  afterAll(() => device?.destroy());

  it('passes the self-test', async () => {
    await executorSelfTest(program => createWebGpuExecutor(program, device));
  }, 120_000);

  it('has the gradients and logits of the CPU, and the same loss after an update', async () => {
    const names = [...usedNames(start, [1, 2]), 'fewshot.query_tokens.weight'];
    const layout = parameterLayout(start, names);
    const settings = { ...TRAINING, epsilon: 1e-7, diceSmoothing: 1 };
    const { program, ...places } = decoderProgram(
      layout,
      { size: SIZE, prompts: PROMPTS },
      settings,
    );
    const { target, valid, loss } = places.training!;
    const train = async (executor: Executor) => {
      const { prompts, selection, position, image, repeats } = places;
      [prompts, position, image, selection, ...repeats].forEach((tensor, seed) =>
        executor.write(tensor, wave(tensor.rows * tensor.columns, seed)),
      );
      executor.write(places.parameters, packParameters(layout, start));
      executor.write(target, SHOT.coverage);
      executor.write(valid, SHOT.valid);
      await executor.run('gradient');
      const storage = program.storages.find(({ role }) => role === 'gradient')!;
      const gradients = await executor.read({ ...places.parameters, storage });
      const logits = await executor.read(places.logits);
      await executor.run('update');
      await executor.run('gradient');
      const [after] = await executor.read(loss);
      return { gradients, logits, after };
    };
    const kernels = await builtKernels();
    const cpu = await createWasmExecutor(program, kernels, 1);
    const gpu = await createWebGpuExecutor(program, device);
    const expected = await train(cpu);
    const actual = await train(gpu);
    for (const [name, { offset, rows, columns }] of layout.places) {
      // A key's bias moves no share: its gradient is zero but for rounding.
      if (name.endsWith('k_proj.bias')) continue;
      const end = offset + rows * columns;
      const [own, other] = [expected, actual].map(one => one.gradients.subarray(offset, end));
      expect([name, largestDifference(other, own) < 1e-4]).toEqual([name, true]);
    }
    expect(largestDifference(actual.logits, expected.logits)).toBeLessThan(1e-4);
    expect(actual.after).toBeCloseTo(expected.after, 2);

    const launches = gpu.launches.gradient + gpu.launches.update;
    expect(launches).toBeLessThanOrEqual(MOST_LAUNCHES);
    const times = Array.from({ length: 5 }, () => {
      const begin = performance.now();
      void gpu.run('gradient');
      void gpu.run('update');
      return performance.now() - begin;
    }).sort((a, b) => a - b);
    await gpu.read(loss);
    console.log(`A step: ${launches} launches, ${times[2].toFixed(1)} ms of JavaScript.`);
    expect(times[2]).toBeLessThan(MOST_MILLISECONDS);
    cpu.dispose();
    gpu.dispose();
  }, 240_000);
});
