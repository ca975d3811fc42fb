/** The kernels of engine/kernels/, as the build compiled them, against plain JavaScript. */
import v8 from 'node:v8';
import { builtKernels } from '../../../../test/parity/kernelDecoders';
import {
  ADAMS,
  ATTENTIONS,
  differences,
  ELEMENTWISE,
  LAYER_NORMS,
  LOSSES,
  MATMULS,
  UNFOLDS,
} from '../operationCases';
import { createWasmExecutor } from './executor';
import type { Kernels } from './kernelMachine';

// The norm's kernel takes channels by fours, as every layer of SAM has them.
const NORMS = LAYER_NORMS.filter(({ name }) => !/ x (5|7)\b/.test(name));
const groups = { MATMULS, ATTENTIONS, LAYER_NORMS: NORMS, ELEMENTWISE, LOSSES, ADAMS, UNFOLDS };

// Node 20 has it behind a flag.
v8.setFlagsFromString('--experimental-wasm-relaxed-simd');

describe.each([
  [1, 'plain'],
  [2, 'plain'],
  [3, 'plain'],
  [2, 'relaxed'],
])('kernels with %i threads and %s SIMD', (threads, simd) => {
  let kernels: Kernels;
  beforeAll(async () => {
    kernels = await builtKernels(simd === 'relaxed');
  });

  describe.each(Object.entries(groups))('%s', (_, cases) => {
    it.each(cases.map(one => [one.name, one] as const))('%s', async (_name, one) => {
      const executor = await createWasmExecutor(one.program, kernels, threads);
      expect(executor.threads).toBe(threads);
      const all = await differences(one, executor);
      executor.dispose();
      // Written so that NaN is the largest of all.
      expect(all.reduce((max, value) => (value <= max ? max : value), 0)).toBeLessThan(
        one.tolerance,
      );
    });
  });
});
