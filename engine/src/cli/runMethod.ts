import { DiskCache } from '../cache/diskCache';
import type { FewshotResult } from '../fewshot/job';
import type { PropagateParts } from '../fewshot/propagate';
import type { MethodJob, MethodName } from '../methods/method';
import { loadMethod, needsModel } from '../methods/registry';
import type { OnProgress } from '../progress';
import { selectBackend } from '../runtime/selectBackend';
import { createImageEncoderNode } from '../sam/imageEncoderOnnxNode';
import { loadManifest, loadModelFile } from '../sam/modelFiles';
import { readModelFolder } from '../sam/modelFilesNode';
import { parseSafetensors } from '../sam/safetensors';

/** What a method computes with on this computer. */
export interface Machinery {
  /** Folder of the model. */
  model: string;
  /** Folder of TensorFlow.js' WebAssembly files. */
  wasmPath: string;
  /** Folder of image embeddings, `none`, or undefined for the default folder. */
  cache?: string;
}

/**
 * Segments with one method, loading only what it needs.
 *
 * @returns the result, and what computed it in words
 * @throws FewshotError
 */
export async function runMethod(
  name: MethodName,
  job: MethodJob,
  { model, wasmPath, cache }: Machinery,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<{ result: FewshotResult; backend: string }> {
  const method = await loadMethod(name);
  const options = { signal, onProgress };
  if (!needsModel(name)) return { result: await method(job, NO_MODEL, options), backend: 'none' };

  const read = readModelFolder(model);
  const manifest = await loadManifest(read, signal);
  const { weights } = parseSafetensors(
    await loadModelFile(manifest, 'decoder', read, onProgress, signal),
  );
  const encoder = await createImageEncoderNode(
    await loadModelFile(manifest, 'encoder', read, onProgress, signal),
  );
  try {
    const backend = await selectBackend({ prefer: 'wasm', wasmPath });
    const parts: PropagateParts = {
      encoder,
      modelSha256: manifest.files.encoder.sha256,
      weights,
      cache: cache === 'none' ? undefined : new DiskCache(cache),
    };
    return { result: await method(job, parts, options), backend: backend.description };
  } finally {
    await encoder.dispose();
  }
}

/** For methods that use no model: whoever uses it all the same is told. */
const NO_MODEL: PropagateParts = {
  encoder: {
    device: 'none',
    encode: () => Promise.reject(new Error('This method was to use no model.')),
    dispose: () => Promise.resolve(),
  },
  modelSha256: '',
  weights: new Map(),
};
