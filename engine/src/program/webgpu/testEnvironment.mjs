import { constants } from 'node:os';
import { existsSync } from 'node:fs';
import { TestEnvironment } from 'jest-environment-node';

/** Chromium's software GPU, and the Vulkan loader beside it. */
const FOLDER = process.env.SWIFTSHADER_PATH ?? '/usr/lib/chromium';

/**
 * Provides the global `dawn` to a test file: WebGPU in Node on SwiftShader, or null where that is not
 * installed. It loads outside the test's own globals because the driver reads the process's environment
 * variables.
 */
export default class WebGpuEnvironment extends TestEnvironment {
  async setup() {
    await super.setup();
    // A native addon returns arrays of the process's realm.
    Object.assign(this.global, { Float32Array, ArrayBuffer });
    this.global.dawn = null;
    const driver = `${FOLDER}/vk_swiftshader_icd.json`;
    if (!existsSync(driver)) return;
    process.env.VK_ICD_FILENAMES = driver;
    keepLoaded(`${FOLDER}/libvulkan.so.1`);
    const { create, globals } = await import('webgpu');
    Object.assign(this.global, globals);
    // Chromium's zeroing of workgroup memory takes SwiftShader seconds to compile, for every shader; no
    // kernel relies on it.
    this.global.dawn = create(['enable-dawn-features=disable_workgroup_init']);
  }

  async teardown() {
    // A reference to WebGPU keeps the process alive.
    this.global.dawn = null;
    await super.teardown();
  }
}

/**
 * Loads a library so that the addon finds it by name. Node loads it, then complains that it is no addon.
 */
function keepLoaded(library) {
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
  } catch {
    // Expected. Without the library, the system's is used.
  }
}
