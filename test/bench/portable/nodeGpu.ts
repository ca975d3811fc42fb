/** WebGPU in Node, as a browser's worker has it: Dawn, Chromium's own implementation. */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';

/** Where Debian's Chromium has a software GPU and the Vulkan loader. */
const CHROMIUM = process.env.SWIFTSHADER_PATH ?? '/usr/lib/chromium';

/** A loader that came with the benchmark, for machines that have a driver alone. */
const LOADERS = [new URL('libvulkan.so.1', import.meta.url).pathname, `${CHROMIUM}/libvulkan.so.1`];

/**
 * Gives Node `navigator.gpu`.
 *
 * @param software whether the CPU may pretend to be a GPU: to try the benchmark, its times say nothing
 * @returns what computes, in words; null where there is no GPU
 */
export async function startNodeGpu(software: boolean): Promise<string | null> {
  if (software) process.env.VK_ICD_FILENAMES = `${CHROMIUM}/vk_swiftshader_icd.json`;
  LOADERS.filter(existsSync).slice(0, 1).forEach(keepLoaded);
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  takeSharedMemory();
  // Zeroing of workgroup memory takes SwiftShader seconds to compile, for every shader.
  const gpu = create(software ? ['enable-dawn-features=disable_workgroup_init'] : []);
  Object.defineProperty(globalThis, 'navigator', {
    value: { gpu, userAgent: `Node.js/${process.versions.node}` },
    configurable: true,
  });
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const { vendor, architecture, device, description } = adapter.info;
  if (software) pretendToBeHardware(gpu);
  return [description || vendor, device, architecture].filter(Boolean).join(', ');
}

/** ONNX Runtime writes from memory that threads share; browsers take that, the addon does not. */
function takeSharedMemory(): void {
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...range) {
    const isShared = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer;
    const copy = isShared ? (data as unknown as Uint8Array<ArrayBuffer>).slice() : data;
    return writeBuffer.call(this, buffer, offset, copy, ...range);
  };
}

/** The engine refuses a CPU that pretends to be a GPU. */
function pretendToBeHardware(gpu: GPU): void {
  const request = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async options => {
    const adapter = await request(options);
    const info = { vendor: '', architecture: '', device: '', description: 'to try it' };
    if (adapter) Object.defineProperty(adapter, 'info', { value: info });
    return adapter;
  };
}

/** Puts a library where the addon finds it by name. Node loads it, then says that it is no addon. */
function keepLoaded(library: string): void {
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // Expected; without the library the system's is taken.
  }
}
