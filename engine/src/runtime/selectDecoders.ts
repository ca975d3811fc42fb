import type { DecoderEngine } from '../fewshot/decoderEngine';
import { programEngine } from '../fewshot/programEngine';
import { createWebGpuExecutor } from '../program/webgpu/executor';
import { createWasmExecutor } from '../program/wasm/executor';
import type { Kernels } from '../program/wasm/kernelMachine';
import { executorSelfTest } from './executorSelfTest';
import { hardwareAdapter } from './gpuAdapter';
import { selectBackend } from './selectBackend';

export interface DecoderOptions {
  /** `auto`: the GPU when there is a real one that computes correctly, else wasm. */
  prefer?: 'auto' | 'wasm';
  /** Our own, for the CPU. */
  kernels: Kernels;
  /** For the CPU. */
  threads: number;
  /** Folder of tfjs-backend-wasm's `*.wasm`: an absolute URL in a browser, a path in Node. */
  wasmPath: string;
}

/**
 * What trains the decoder and segments with it: the first that passes its self-test.
 *
 * @throws FewshotError `backend-unusable` when none does
 */
export async function selectDecoders({
  prefer = 'auto',
  kernels,
  threads,
  wasmPath,
}: DecoderOptions): Promise<DecoderEngine> {
  if (prefer === 'auto') {
    try {
      return await startWebGpu();
    } catch {
      // A GPU that is missing or computes wrong products is as good as none.
    }
  }
  try {
    return await startWasm(kernels, threads);
  } catch {
    // TensorFlow.js manages where our kernels do not.
  }
  const { description } = await selectBackend({ prefer: 'wasm', wasmPath });
  const { tfjsEngine } = await import('../fewshot/tfjsEngine');
  return { ...tfjsEngine, description };
}

/** The decoder needs no more than every device offers. */
async function startWebGpu(): Promise<DecoderEngine> {
  const device = await (await hardwareAdapter()).requestDevice();
  try {
    await executorSelfTest(program => createWebGpuExecutor(program, device));
  } catch (error) {
    device.destroy();
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
