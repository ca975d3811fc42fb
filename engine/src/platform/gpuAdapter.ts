/**
 * Requests the browser's fastest hardware GPU.
 *
 * @throws Error when there is none, or only software emulation
 */
export async function hardwareAdapter(): Promise<GPUAdapter> {
  const adapter = await globalThis.navigator?.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (adapter && !isSoftwareAdapter(adapter.info)) return adapter;
  throw new Error('this browser offers no hardware GPU adapter');
}

/** Whether an adapter emulates a GPU on the CPU, which is far slower than wasm. */
export function isSoftwareAdapter(
  info: Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
    isFallbackAdapter?: boolean;
  },
): boolean {
  const words = `${info.vendor} ${info.architecture} ${info.device} ${info.description}`;
  return (
    info.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bcpu\b/i.test(words)
  );
}
