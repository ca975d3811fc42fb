import { sha256Hex } from '../platform/sha256';
import { FewshotError, throwIfCancelled } from '../platform/errors';
import { phaseReporter, type OnProgress } from '../platform/progress';

export interface ModelFile {
  /** Relative to the manifest's folder. */
  path: string;
  /** Bytes. */
  size: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * `encoder`: the graph of the image encoder (ONNX), whose weights are in `encoderWeights` (safetensors);
 * `decoder`: the weights of the mask decoder (safetensors). Weights are in half precision.
 */
export type ModelPart = 'encoder' | 'encoderWeights' | 'decoder';

export const MODEL_PARTS: readonly ModelPart[] = ['encoder', 'encoderWeights', 'decoder'];

/** The content of `models/<id>/manifest.json`. */
export interface ModelManifest {
  id: string;
  name: string;
  version: string;
  licence: string;
  /** Origin of the weights, for people. */
  source: string;
  files: Record<ModelPart, ModelFile>;
}

/**
 * Reads a file of the model's folder.
 *
 * @param path relative to the folder
 * @param onBytes called with the number of bytes read so far
 * @throws FewshotError `model-missing` when it does not exist or cannot be reached
 */
export type ReadModelFile = (
  path: string,
  onBytes: (done: number) => void,
  signal?: AbortSignal,
) => Promise<Uint8Array>;

export const MODEL_REMEDY = 'Run `npm run setup` to prepare the model again.';

/**
 * Reads and checks `manifest.json`.
 *
 * @throws FewshotError `model-missing`, or `model-altered` when it is not a manifest
 */
export async function loadManifest(
  read: ReadModelFile,
  signal?: AbortSignal,
): Promise<ModelManifest> {
  const bytes = await read('manifest.json', () => {}, signal);
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new FewshotError(
      'model-altered',
      'The model manifest (manifest.json) is not JSON.',
      MODEL_REMEDY,
      { cause: error },
    );
  }
  return checkManifest(content);
}

/** Checks the content of a manifest. @throws FewshotError `model-altered` naming the invalid field */
export function checkManifest(content: unknown): ModelManifest {
  const fail = (field: string): never => {
    throw new FewshotError(
      'model-altered',
      `The model manifest has no valid \`${field}\`.`,
      MODEL_REMEDY,
    );
  };
  const manifest = (content ?? {}) as Partial<ModelManifest>;
  for (const field of ['id', 'name', 'version', 'licence', 'source'] as const) {
    if (typeof manifest[field] !== 'string' || manifest[field] === '') fail(field);
  }
  for (const part of MODEL_PARTS) {
    const file: Partial<ModelFile> = manifest.files?.[part] ?? {};
    const isInFolder =
      typeof file.path === 'string' && /^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(file.path);
    if (!isInFolder) fail(`files.${part}.path`);
    if (!Number.isSafeInteger(file.size) || (file.size as number) <= 0) fail(`files.${part}.size`);
    if (typeof file.sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(file.sha256)) {
      fail(`files.${part}.sha256`);
    }
  }
  return manifest as ModelManifest;
}

/**
 * Reads one file of a model and verifies its size and SHA-256 every time.
 *
 * @param onProgress receives phase `model`, in bytes
 * @throws FewshotError `model-missing`, `model-altered` or `cancelled`
 */
export async function loadModelFile(
  manifest: ModelManifest,
  part: ModelPart,
  read: ReadModelFile,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { path, size, sha256 } = manifest.files[part];
  throwIfCancelled(signal);
  const report = phaseReporter('model', size, onProgress);
  report(0);
  const bytes = await read(path, done => report(Math.min(done, size)), signal);
  throwIfCancelled(signal);
  if (bytes.length !== size) {
    throw new FewshotError(
      'model-altered',
      `The model file ${path} has ${bytes.length} bytes instead of ${size}.`,
      MODEL_REMEDY,
    );
  }
  const found = await sha256Hex(bytes);
  if (found !== sha256) {
    throw new FewshotError(
      'model-altered',
      `The model file ${path} was altered: its SHA-256 is ${found} instead of ${sha256}.`,
      MODEL_REMEDY,
    );
  }
  report(size);
  throwIfCancelled(signal);
  return bytes;
}
