import type { DecoderEngine } from '../finetune/decoderEngine';
import { programEngine } from '../finetune/programEngine';
import { createWebGpuExecutor } from '../program/webgpu/executor';
import { createWasmExecutor } from '../program/wasm/executor';
import type { Kernels } from '../program/wasm/kernelMachine';
import { executorSelfTest } from './executorSelfTest';
import { hardwareAdapter } from '../platform/gpuAdapter';
import { isAltered, type PluginFiles } from '../platform/pluginFiles';
import type { BackendName } from './selectBackend';

export interface DecoderOptions {
  /** `auto`: the GPU if there is a real one that computes correctly, else wasm. */
  prefer?: 'auto' | 'wasm';
  /** The encoder's GPU device, if it has one; else a device is requested. */
  gpu?: GPUDevice;
  /** Kernels for the CPU. */
  kernels: Kernels;
  /** For the CPU. */
  threads: number;
  /** Folder of tfjs-backend-wasm's `*.wasm`: an absolute URL in a browser, a path in Node. */
  wasmPath: string;
  /** In a browser: the same files, to check before use. */
  files?: PluginFiles;
}

/**
 * Returns the engine that trains the decoder and segments with it: the first that passes its self-test. A
 * GPU is tried before the CPU, and our own kernels before TensorFlow.js.
 *
 * @throws FewshotError `backend-unusable` when none does, `plugin-altered` when a file is not as built
 */
export async function selectDecoders({
  prefer = 'auto',
  gpu,
  kernels,
  threads,
  wasmPath,
  files,
}: DecoderOptions): Promise<DecoderEngine> {
  const attempts = [
    ...(prefer === 'auto'
      ? [() => startWebGpu(gpu), () => startTfjs('webgpu', wasmPath, files)]
      : []),
    () => startWasm(kernels, threads),
  ];
  for (const attempt of attempts) {
    try {
      return await attempt();
    } catch (error) {
      if (isAltered(error)) throw error;
      // The engine is missing or computes wrongly: try the next.
    }
  }
  return startTfjs('wasm', wasmPath, files);
}

async function startTfjs(
  prefer: BackendName,
  wasmPath: string,
  files: PluginFiles | undefined,
): Promise<DecoderEngine> {
  // Load it only now: it is the last resort, and larger than the rest of the engine.
  const { selectBackend } = await import('./selectBackend');
  const { description } = await selectBackend({ prefer, wasmPath, files });
  const { tfjsEngine } = await import('../finetune/tfjsEngine');
  return { ...tfjsEngine, description };
}

/** The decoder needs only the default device limits. */
async function startWebGpu(shared: GPUDevice | undefined): Promise<DecoderEngine> {
  const device = shared ?? (await (await hardwareAdapter()).requestDevice());
  try {
    await executorSelfTest(program => createWebGpuExecutor(program, device));
  } catch (error) {
    if (!shared) device.destroy();
    throw error;
  }
  return programEngine('webgpu', program => createWebGpuExecutor(program, device));
}

async function startWasm(kernels: Kernels, threads: number): Promise<DecoderEngine> {
  let found = 1;
  await executorSelfTest(async program => {
    const executor = await createWasmExecutor(program, kernels, threads);
    found = executor.threads;
    return executor;
  });
  const text = found === 1 ? '1 thread' : `${found} threads`;
  return programEngine(`wasm (${text})`, program => createWasmExecutor(program, kernels, found));
}
