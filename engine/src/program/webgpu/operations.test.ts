/** @jest-environment ./engine/src/program/webgpu/testEnvironment.mjs */
import {
  ADAMS,
  ATTENTIONS,
  differences,
  ELEMENTWISE,
  LAYER_NORMS,
  LOSSES,
  MATMULS,
  UNFOLDS,
  type OperationCase,
} from '../operationCases';
import { createWebGpuExecutor } from './executor';
import { testDevice, withDevice } from './testDevice';

withDevice('WebGPU kernels', () => {
  let device: GPUDevice;
  beforeAll(async () => {
    device = await testDevice();
  });
  afterAll(() => device?.destroy());

  async function largestDifference(operationCase: OperationCase): Promise<number> {
    const executor = await createWebGpuExecutor(operationCase.program, device);
    const all = await differences(operationCase, executor);
    executor.dispose();
    return all.reduce((max, value) => (value <= max ? max : value), 0);
  }

  const groups = { MATMULS, ATTENTIONS, LAYER_NORMS, ELEMENTWISE, LOSSES, ADAMS, UNFOLDS };
  describe.each(Object.entries(groups))('%s', (_, cases) => {
    it.each(cases.map(one => [one.name, one] as const))('%s', async (_name, one) => {
      expect(await largestDifference(one)).toBeLessThan(one.tolerance);
    });
  });
});
