import { DiskCache } from '../cache/diskCache';
import type { PropagateParts } from '../fewshot/propagate';
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

/** The model, ready to compute. */
export interface LoadedModel {
  parts: PropagateParts;
  /** Of the model's manifest. */
  modelId: string;
  /** What computes, in words. */
  backend: string;
}

/**
 * Loads the model, starts TensorFlow.js, and lets go of the encoder afterwards.
 *
 * @throws FewshotError
 */
export async function withModel<T>(
  { model, wasmPath, cache }: Machinery,
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
  );
  try {
    const backend = await selectBackend({ prefer: 'wasm', wasmPath });
    return await compute({
      parts: {
        encoder,
        modelSha256: manifest.files.encoderWeights.sha256,
        weights,
        cache: cache === 'none' ? undefined : new DiskCache(cache),
      },
      modelId: manifest.id,
      backend: backend.description,
    });
  } finally {
    await encoder.dispose();
  }
}
