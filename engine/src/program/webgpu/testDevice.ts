declare global {
  /** From `testEnvironment.mjs`: WebGPU in Node, or null without a driver. */
  var dawn: GPU | null | undefined;
}

/** `describe` where there is a WebGPU device to test on. */
export const withDevice = globalThis.dawn ? describe : describe.skip;
if (!globalThis.dawn) {
  console.warn('WebGPU: skipped, no SwiftShader found. Install Chromium or set SWIFTSHADER_PATH.');
}

/** Requests a device with default limits. */
export async function testDevice(): Promise<GPUDevice> {
  const adapter = await globalThis.dawn!.requestAdapter();
  if (!adapter) throw new Error('SwiftShader gave no adapter.');
  return adapter.requestDevice();
}
