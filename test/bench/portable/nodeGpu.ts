/** WebGPU in Node as in a browser's worker: Dawn, Chromium's own implementation. */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';

/** Folder of Debian's Chromium with a software GPU and the Vulkan loader. */
const CHROMIUM = process.env.SWIFTSHADER_PATH ?? '/usr/lib/chromium';

/** The loader in the bundle is for machines with only a driver. */
const LOADERS = [new URL('libvulkan.so.1', import.meta.url).pathname, `${CHROMIUM}/libvulkan.so.1`];

/**
 * Provides `navigator.gpu` in Node.
 *
 * @param software whether to emulate a GPU on the CPU, to try the benchmark; the times are then
 *   meaningless
 * @returns a description of the GPU; null where there is none
 */
export async function startNodeGpu(software: boolean): Promise<string | null> {
  if (software) process.env.VK_ICD_FILENAMES = `${CHROMIUM}/vk_swiftshader_icd.json`;
  LOADERS.filter(existsSync).slice(0, 1).forEach(keepLoaded);
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  takeSharedMemory();
  // SwiftShader takes seconds per shader to compile the zeroing of workgroup memory.
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

/**
 * Copies shared memory first: ONNX Runtime writes from it, which browsers accept but the addon does not.
 */
function takeSharedMemory(): void {
  const { writeBuffer } = GPUQueue.prototype;
  GPUQueue.prototype.writeBuffer = function (buffer, offset, data, ...range) {
    const isShared = ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer;
    const copy = isShared ? (data as unknown as Uint8Array<ArrayBuffer>).slice() : data;
    return writeBuffer.call(this, buffer, offset, copy, ...range);
  };
}

/** Hides that the GPU is emulated, because the engine refuses such adapters. */
function pretendToBeHardware(gpu: GPU): void {
  const request = gpu.requestAdapter.bind(gpu);
  gpu.requestAdapter = async options => {
    const adapter = await request(options);
    const info = { vendor: '', architecture: '', device: '', description: 'to try it' };
    if (adapter) Object.defineProperty(adapter, 'info', { value: info });
    return adapter;
  };
}

/**
 * Loads a library so that the addon finds it by name. Node loads it, then complains that it is no addon.
 */
function keepLoaded(library: string): void {
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // Expected. Without the library, the system's is used.
  }
}
