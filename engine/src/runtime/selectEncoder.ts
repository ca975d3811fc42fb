import type { Kernels } from '../program/wasm/kernelMachine';
import type { ImageEncoder } from '../sam/imageEncoder';
import { createImageEncoderWeb } from '../sam/imageEncoderOnnxWeb';
import { createImageEncoderWasm } from '../sam/imageEncoderWasm';
import { parseSafetensors } from '../sam/safetensors';
import { isTinyVit } from '../sam/tinyVit/structure';
import { isAltered, type PluginFiles } from '../platform/pluginFiles';

export interface EncoderOptions {
  /** `auto`: the GPU if there is a real one that computes correctly, else wasm. */
  prefer: 'auto' | 'wasm';
  /** Kernels for the CPU. */
  kernels: Kernels;
  /** For the CPU. */
  threads: number;
  /** Folder of ONNX Runtime's files: an absolute URL ending in a slash. */
  wasmPath: string;
  /** The same files, to check before use. */
  files?: PluginFiles;
}

/**
 * Creates the image encoder in a browser: ONNX Runtime on a GPU; on a CPU, our own kernels if they support
 * the model, else ONNX Runtime.
 *
 * @param graph bytes of encoder.onnx
 * @param weights bytes of encoder.safetensors
 * @throws FewshotError `backend-unusable` when nothing can run it, `plugin-altered` when a file is not as
 *   built
 */
export async function selectEncoder(
  graph: Uint8Array,
  weights: Uint8Array,
  { prefer, kernels, threads, wasmPath, files }: EncoderOptions,
): Promise<ImageEncoder> {
  const onnx = { weights, wasmPath, files, numThreads: threads };
  if (prefer === 'auto') {
    try {
      return await createImageEncoderWeb(graph, { ...onnx, prefer: 'webgpu' });
    } catch (error) {
      if (isAltered(error)) throw error;
      // Without a GPU, or with one that fails or computes wrongly, fall back to the CPU.
    }
  }
  const tensors = parseSafetensors(weights).weights;
  if (isTinyVit(tensors)) {
    try {
      return await createImageEncoderWasm(tensors, kernels, threads);
    } catch {
      // ONNX Runtime needs less memory.
    }
  }
  return createImageEncoderWeb(graph, { ...onnx, prefer: 'wasm' });
}
