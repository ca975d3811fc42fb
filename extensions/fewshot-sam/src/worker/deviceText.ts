/**
 * What computes, for people.
 *
 * @param encoder device of the encoder, e.g. 'webgpu', 'wasm (2 threads)'
 * @param decoder device of the decoder, likewise
 * @returns e.g. 'WebGPU', 'CPU, 2 threads', 'WebGPU and CPU, 1 thread' when the two differ in kind
 */
export function deviceText(encoder: string, decoder: string): string {
  const kinds = [encoder, decoder].map(kind);
  const [first, second] = kinds;
  if (first === second || (isCpu(first) && isCpu(second))) return first;
  return `${first} and ${second}`;
}

function kind(device: string): string {
  return device === 'webgpu' ? 'WebGPU' : device.replace(/^wasm \((.*)\)$/, 'CPU, $1');
}

function isCpu(text: string): boolean {
  return text.startsWith('CPU');
}
