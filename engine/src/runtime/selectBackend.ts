import * as tf from '@tensorflow/tfjs-core';
import { FewshotError } from '../platform/errors';
import { sensibleThreads } from '../platform/threads';
import { hardwareAdapter } from '../platform/gpuAdapter';
import { isAltered, type PluginFiles } from '../platform/pluginFiles';
import { selfTest } from './selfTest';

export type BackendName = 'webgpu' | 'wasm';

export interface Backend {
  name: BackendName;
  /** For people, e.g. 'webgpu', 'wasm (2 threads)'. */
  description: string;
}

export interface BackendOptions {
  /** `auto`: the GPU if there is a real one that computes correctly, else wasm. */
  prefer?: 'auto' | BackendName;
  /** Folder of tfjs-backend-wasm's `*.wasm`: an absolute URL in a browser, a path in Node. */
  wasmPath: string;
  /** In a browser: the same files, to check before use. */
  files?: PluginFiles;
}

const WASM_FILES = [
  'tfjs-backend-wasm.wasm',
  'tfjs-backend-wasm-simd.wasm',
  'tfjs-backend-wasm-threaded-simd.wasm',
] as const;

/**
 * Starts TensorFlow.js on the best backend that passes the self-test.
 *
 * @throws FewshotError `backend-unusable` when none does, or when the requested one does not
 */
export async function selectBackend({
  prefer = 'auto',
  wasmPath,
  files,
}: BackendOptions): Promise<Backend> {
  if (prefer !== 'wasm') {
    try {
      return await startWebGpu();
    } catch (error) {
      if (prefer === 'webgpu') throw unusable('webgpu', error);
      // Without a GPU, or with one that computes wrongly, fall back to wasm.
    }
  }
  try {
    return await startWasm(wasmPath, files);
  } catch (error) {
    if (isAltered(error)) throw error;
    throw unusable('wasm', error);
  }
}

async function startWebGpu(): Promise<Backend> {
  await hardwareAdapter();
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Error('TensorFlow.js could not start');
  await tf.ready();
  await selfTest();
  return { name: 'webgpu', description: 'webgpu' };
}

async function startWasm(wasmPath: string, files: PluginFiles | undefined): Promise<Backend> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  if (files) {
    // TensorFlow.js chooses one of the three.
    const urls = await Promise.all(WASM_FILES.map(async name => [name, await files.url(name)]));
    wasm.setWasmPaths(Object.fromEntries(urls));
  } else {
    wasm.setWasmPaths(wasmPath.endsWith('/') ? wasmPath : `${wasmPath}/`);
  }
  // tfjs starts threads only in a cross-origin isolated page, never in Node.
  if (globalThis.crossOriginIsolated) wasm.setThreadsCount(sensibleThreads());
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js could not start');
  await tf.ready();
  await selfTest();
  const hasThreads = await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT');
  const threads = hasThreads ? wasm.getThreadsCount() : 1;
  return {
    name: 'wasm',
    description: threads === 1 ? 'wasm (1 thread)' : `wasm (${threads} threads)`,
  };
}

function unusable(backend: BackendName, cause: unknown): FewshotError {
  return new FewshotError(
    'backend-unusable',
    `Learning could not start on ${backend}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    backend === 'webgpu'
      ? 'Choose the CPU backend, or a browser and computer with WebGPU.'
      : 'Check that the wasm folder is served beside the plugin and that the Content-Security-Policy allows WebAssembly.',
    { cause },
  );
}
