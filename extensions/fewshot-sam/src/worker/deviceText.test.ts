import { deviceText } from './deviceText';

it('names one device once', () => {
  expect(deviceText('webgpu', 'webgpu')).toBe('WebGPU');
  expect(deviceText('wasm (2 threads)', 'wasm (2 threads)')).toBe('CPU, 2 threads');
});

it('names both when they differ in kind', () => {
  expect(deviceText('webgpu', 'wasm (1 thread)')).toBe('WebGPU and CPU, 1 thread');
});

it('gives the threads of the encoder, the longer work, when only they differ', () => {
  expect(deviceText('wasm (8 threads)', 'wasm (1 thread)')).toBe('CPU, 8 threads');
});
