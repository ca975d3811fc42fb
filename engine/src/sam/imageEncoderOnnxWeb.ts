import { FewshotError } from '../platform/errors';
import { hardwareAdapter } from '../platform/gpuAdapter';
import { GpuLoss } from '../platform/gpuLoss';
import { isOutOfMemory, outOfMemory } from '../platform/outOfMemory';
import { isAltered, type PluginFiles } from '../platform/pluginFiles';
import { sensibleThreads } from '../platform/threads';
import { ENCODER_INPUT_SIZE, type ImageEncoder } from './imageEncoder';
import { externalWeights, OnnxImageEncoder, type OnnxRuntime } from './imageEncoderOnnx';

export interface WebEncoderOptions {
  /** Bytes of `encoder.safetensors`; absent for a graph that holds its weights. */
  weights?: Uint8Array;
  /** Absolute URL of the folder with ONNX Runtime's `ort-wasm-simd-threaded*.{mjs,wasm}`, ending in a slash. */
  wasmPath: string;
  /** The same files, to check before use; without it they are not checked. */
  files?: PluginFiles;
  /** `auto`: the GPU if there is a real one that computes correctly, else wasm. */
  prefer?: 'auto' | 'webgpu' | 'wasm';
  /** Threads of the wasm backend; ignored without cross-origin isolation. */
  numThreads?: number;
}

/**
 * Creates the image encoder in a web worker with onnxruntime-web.
 *
 * @param graph bytes of `encoder.onnx`
 * @throws FewshotError `backend-unusable` when no backend could load it, `worker-lost` when memory runs
 *   out, `plugin-altered` when a file is not as built; on a GPU, encoding throws `gpu-lost`
 */
export async function createImageEncoderWeb(
  graph: Uint8Array,
  { weights, wasmPath, files, prefer = 'auto', numThreads }: WebEncoderOptions,
): Promise<ImageEncoder> {
  if (prefer !== 'wasm') {
    try {
      await hardwareAdapter();
      return await createOnWebGpu(
        graph,
        weights,
        await wasmFiles(wasmPath, files, 'ort-wasm-simd-threaded.asyncify'),
      );
    } catch (error) {
      if (isAltered(error)) throw error;
      if (prefer === 'webgpu') throw unusable('webgpu', error);
      // With a GPU that fails or computes wrongly, fall back to wasm.
    }
  }
  try {
    const paths = await wasmFiles(wasmPath, files, 'ort-wasm-simd-threaded');
    return await createOnWasm(graph, weights, paths, numThreads ?? sensibleThreads());
  } catch (error) {
    if (isAltered(error)) throw error;
    throw isOutOfMemory(error) ? outOfMemory(error) : unusable('wasm', error);
  }
}

async function createOnWebGpu(
  graph: Uint8Array,
  weights: Uint8Array | undefined,
  wasmPaths: WasmFiles,
): Promise<ImageEncoder> {
  const ort = await import('onnxruntime-web/webgpu');
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = wasmPaths;
  ort.env.wasm.numThreads = 1;
  const runtime: OnnxRuntime = {
    open: bytes =>
      ort.InferenceSession.create(bytes, {
        executionProviders: ['webgpu'],
        ...ERRORS_ONLY,
        ...externalWeights(weights),
      }),
    makeTensor: (data, dims) => new ort.Tensor('float32', data, dims),
  };
  const encoder = await OnnxImageEncoder.open(graph, runtime, 'webgpu');
  // ONNX Runtime insists on a device that it requested itself (microsoft/onnxruntime#26107), and may wait
  // forever for one that is lost.
  const gpu = await ort.env.webgpu.device;
  const loss = new GpuLoss(gpu);
  try {
    // Compile the shaders, and reject a GPU that returns NaN or a constant, before a slice depends on it.
    await loss.during(() => encoder.encode(gradient()));
  } catch (error) {
    void encoder.dispose().catch(() => undefined);
    throw error;
  }
  return {
    device: encoder.device,
    gpu,
    // Other sizes are not supported on a GPU: releasing a session may destroy the device that the decoder
    // uses.
    sizes: [ENCODER_INPUT_SIZE],
    encode: input => loss.during(() => encoder.encode(input)),
    dispose: () => encoder.dispose(),
  };
}

async function createOnWasm(
  graph: Uint8Array,
  weights: Uint8Array | undefined,
  wasmPaths: WasmFiles,
  threads: number,
): Promise<ImageEncoder> {
  const ort = await import('onnxruntime-web/wasm');
  ort.env.logLevel = 'error';
  ort.env.wasm.wasmPaths = wasmPaths;
  const numThreads = globalThis.crossOriginIsolated ? Math.max(1, Math.floor(threads)) : 1;
  ort.env.wasm.numThreads = numThreads;
  const runtime: OnnxRuntime = {
    open: bytes =>
      ort.InferenceSession.create(bytes, {
        executionProviders: ['wasm'],
        ...ERRORS_ONLY,
        ...externalWeights(weights),
      }),
    makeTensor: (data, dims) => new ort.Tensor('float32', data, dims),
  };
  return OnnxImageEncoder.open(
    graph,
    runtime,
    numThreads === 1 ? 'wasm (1 thread)' : `wasm (${numThreads} threads)`,
  );
}

/** Hides warnings that help nobody, e.g. about which device computes shapes. */
const ERRORS_ONLY = { logSeverityLevel: 3 } as const;

/** URLs of ONNX Runtime's two files. */
interface WasmFiles {
  mjs: string;
  wasm: string;
}

async function wasmFiles(
  wasmPath: string,
  files: PluginFiles | undefined,
  name: string,
): Promise<WasmFiles> {
  const url = (file: string) => files?.url(file) ?? new URL(file, wasmPath).href;
  return { mjs: await url(`${name}.mjs`), wasm: await url(`${name}.wasm`) };
}

function gradient(): Float32Array {
  const input = new Float32Array(3 * ENCODER_INPUT_SIZE * ENCODER_INPUT_SIZE);
  for (let i = 0; i < input.length; i++) input[i] = ((i % ENCODER_INPUT_SIZE) / 512 - 1) * 2;
  return input;
}

function unusable(backend: string, cause: unknown): FewshotError {
  return new FewshotError(
    'backend-unusable',
    `The image encoder could not start on ${backend}: ${cause instanceof Error ? cause.message : String(cause)}.`,
    backend === 'webgpu'
      ? 'Choose the CPU backend, or a browser and computer with WebGPU.'
      : 'Check that the wasm folder is served beside the plugin and that the Content-Security-Policy allows WebAssembly.',
    { cause },
  );
}
