/**
 * The browser's fastest GPU.
 *
 * @throws Error when it offers none, or only a CPU that pretends to be one
 */
export async function hardwareAdapter(): Promise<GPUAdapter> {
  const adapter = await globalThis.navigator?.gpu
    ?.requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (adapter && !isSoftwareAdapter(adapter.info)) return adapter;
  throw new Error('this browser offers no hardware GPU adapter');
}

/** Whether an adapter is a CPU pretending to be a GPU, which is far slower than wasm. */
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
