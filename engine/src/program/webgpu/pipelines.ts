import type { Access, Kernel } from './kernel';

/** Compiled pipelines of a device, kept for its lifetime: shapes recur, and compiling is slow. */
interface Compiled {
  readonly layouts: Map<string, GPUBindGroupLayout>;
  /** By layout and source. */
  readonly pipelines: Map<string, Promise<GPUComputePipeline>>;
}

const compiledBy = new WeakMap<GPUDevice, Compiled>();

export interface Pipeline {
  readonly layout: GPUBindGroupLayout;
  /** Rejects with the compiler's error. */
  readonly ready: Promise<GPUComputePipeline>;
}

/** Compiles a kernel, or reuses an earlier compilation. */
export function pipelineOf(device: GPUDevice, { source, bindings }: Kernel): Pipeline {
  let compiled = compiledBy.get(device);
  if (!compiled) {
    compiled = { layouts: new Map(), pipelines: new Map() };
    compiledBy.set(device, compiled);
  }
  const { layouts, pipelines } = compiled;
  const accesses = bindings.map(({ access }) => access);
  const layoutKey = accesses.join();
  const layout = layouts.get(layoutKey) ?? bindGroupLayout(device, accesses);
  layouts.set(layoutKey, layout);
  const key = `${layoutKey}\n${source}`;
  const ready =
    pipelines.get(key) ??
    device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
      compute: { module: device.createShaderModule({ code: source }) },
    });
  pipelines.set(key, ready);
  ready.catch(() => pipelines.delete(key));
  return { layout, ready };
}

function bindGroupLayout(device: GPUDevice, accesses: readonly Access[]): GPUBindGroupLayout {
  return device.createBindGroupLayout({
    entries: accesses.map((access, binding) => ({
      binding,
      visibility: GPUShaderStage.COMPUTE,
      buffer: { type: access === 'write' ? 'storage' : 'read-only-storage' },
    })),
  });
}
