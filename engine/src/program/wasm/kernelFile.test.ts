import v8 from 'node:v8';
import { hasRelaxedSimd, KERNEL_FLAVOURS, kernelFileName } from './kernelFile';

describe('kernel files', () => {
  it('have a name each', () => {
    expect(KERNEL_FLAVOURS.map(kernelFileName)).toEqual([
      'fewshot-kernels.wasm',
      'fewshot-kernels-shared.wasm',
      'fewshot-kernels-relaxed.wasm',
      'fewshot-kernels-shared-relaxed.wasm',
    ]);
  });

  it('need relaxed SIMD only where it is to be had', () => {
    v8.setFlagsFromString('--experimental-wasm-relaxed-simd');
    expect(hasRelaxedSimd()).toBe(true);
    v8.setFlagsFromString('--no-experimental-wasm-relaxed-simd');
    // Node has it in any case from version 21 on.
    expect(hasRelaxedSimd()).toBe(Number(process.versions.node.split('.')[0]) > 20);
  });
});
