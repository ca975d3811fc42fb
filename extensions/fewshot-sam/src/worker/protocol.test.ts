import { deviceText } from './protocol';

it.each([
  ['webgpu', 'WebGPU'],
  ['wasm (2 threads)', 'CPU, 2 threads'],
  ['wasm (1 thread)', 'CPU, 1 thread'],
])('calls %s %s', (device, text) => {
  expect(deviceText(device)).toBe(text);
});
