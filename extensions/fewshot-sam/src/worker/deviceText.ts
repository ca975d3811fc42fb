/**
 * What computes, for people.
 *
 * @param device e.g. 'webgpu', 'wasm (2 threads)'
 * @returns e.g. 'WebGPU', 'CPU, 2 threads'
 */
export function deviceText(device: string): string {
  return device === 'webgpu' ? 'WebGPU' : device.replace(/^wasm \((.*)\)$/, 'CPU, $1');
}
