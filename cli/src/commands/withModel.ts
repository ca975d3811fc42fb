import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import {
  createImageEncoderNode,
  DiskCache,
  kernelsInNode,
  readModelFolder,
} from 'fewshot-sam/node';
import {
  createFeatureProducts,
  createMatcher,
  createWasmExecutor,
  layeredCache,
  loadManifest,
  loadModelFile,
  MemoryCache,
  parseSafetensors,
  type PropagateParts,
  selectDecoders,
} from 'fewshot-sam/compute';
import { type OnProgress, sensibleThreads } from 'fewshot-sam';
import { selectBackend } from 'fewshot-sam/tensorflow';

/** Files that a method computes with on this computer. */
export interface Machinery {
  /** Folder of the model. */
  model: string;
  /** Folder of TensorFlow.js' WebAssembly files. */
  wasmPath: string;
  /** Folder of our own kernels. */
  kernels: string;
  /** Folder of image embeddings, `none`, or undefined for the default folder. */
  cache?: string;
  /** Threads of the encoder and the decoder; by default as many as make sense on this computer. */
  threads?: number;
  /** Whether to start TensorFlow.js, which only SAM's own prompts need. */
  tensorFlow?: boolean;
}

/**
 * Returns the folder of a model.
 *
 * @param named `--model`: a model of this installation, such as `lite-medsam`, or a folder
 * @param model folder of the default model, which lies beside the others
 */
export function modelFolder(named: string | undefined, { model }: { model: string }): string {
  if (!named) return model;
  const installed = path.join(path.dirname(model), named);
  return /^[\w-]+$/.test(named) && existsSync(installed) ? installed : named;
}

/** Embeddings of one study in memory: 4 MiB for each slice in half precision at most. */
const MEMORY = 2 ** 30;

/** Adds a cache in memory, so that several tasks encode a slice once. */
export function withMemory(loaded: LoadedModel): LoadedModel {
  const memory = new MemoryCache(MEMORY);
  const { cache } = loaded.parts;
  return {
    ...loaded,
    parts: { ...loaded.parts, cache: cache ? layeredCache(memory, cache) : memory },
  };
}

/** The model, ready to compute. */
export interface LoadedModel {
  parts: PropagateParts;
  /** From the model's manifest. */
  modelId: string;
  /** Describes the backend. */
  backend: string;
}

/**
 * Loads the model, starts the backends, runs `compute`, and disposes of the encoder.
 *
 * @throws FewshotError
 */
export async function withModel<T>(
  {
    model,
    wasmPath,
    kernels,
    cache,
    tensorFlow,
    threads = sensibleThreads(availableParallelism()),
  }: Machinery,
  onProgress: OnProgress,
  signal: AbortSignal | undefined,
  compute: (loaded: LoadedModel) => Promise<T>,
): Promise<T> {
  const read = readModelFolder(model);
  const manifest = await loadManifest(read, signal);
  const { weights } = parseSafetensors(
    await loadModelFile(manifest, 'decoder', read, onProgress, signal),
  );
  const encoder = await createImageEncoderNode(
    await loadModelFile(manifest, 'encoder', read, onProgress, signal),
    await loadModelFile(manifest, 'encoderWeights', read, onProgress, signal),
    threads,
  );
  try {
    if (tensorFlow) await selectBackend({ prefer: 'wasm', wasmPath });
    const ownKernels = await kernelsInNode(kernels);
    const decoders = await selectDecoders({
      prefer: 'wasm',
      kernels: ownKernels,
      threads,
      wasmPath,
    });
    return await compute({
      parts: {
        encoder,
        modelSha256: manifest.files.encoderWeights.sha256,
        weights,
        decoders,
        products: createFeatureProducts(program => createWasmExecutor(program, ownKernels, 1)),
        match: await createMatcher(ownKernels),
        createExecutor: program => createWasmExecutor(program, ownKernels, threads),
        cache: cache === 'none' ? undefined : new DiskCache(cache),
      },
      modelId: manifest.id,
      backend: decoders.description,
    });
  } finally {
    await encoder.dispose();
  }
}
