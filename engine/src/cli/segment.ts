import { access, constants, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DiskCache } from '../cache/diskCache';
import { FewshotError, throwIfCancelled } from '../errors';
import type { FewshotJob, FewshotResult } from '../fewshot/job';
import { propagate } from '../fewshot/propagate';
import type { OnProgress } from '../progress';
import { selectBackend } from '../runtime/selectBackend';
import { createImageEncoderNode } from '../sam/imageEncoderOnnxNode';
import { loadManifest, loadModelFile } from '../sam/modelFiles';
import { readModelFolder } from '../sam/modelFilesNode';
import { parseSafetensors } from '../sam/safetensors';
import { matchLabels } from '../volume/matchLabels';
import { insertSlice, planeOf, type Plane } from '../volume/plane';
import { readVolume } from '../volume/readVolumeNode';
import { voxelCount, type VolumeGeometry } from '../volume/volume';
import { writeMaskNifti } from '../volume/writeNiftiNode';
import { evaluate, type Evaluation } from './evaluate';
import { prepareJob } from './prepareJob';
import { resultRow, type ResultRow } from './resultRow';
import type { SegmentArguments } from './segmentArguments';

/** Where this installation keeps what is not part of the program. */
export interface Installation {
  /** Folder of the default model. */
  model: string;
  /** Folder of TensorFlow.js' WebAssembly files. */
  wasmPath: string;
}

/**
 * `fewshot-sam segment`: reads, segments, evaluates and writes.
 *
 * @throws FewshotError
 */
export async function segment(
  args: SegmentArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ResultRow> {
  await checkWritable('--out', args.out);
  await checkWritable('--json', args.json === '-' ? undefined : args.json);

  const image = await readVolume(args.image, '--image');
  throwIfCancelled(signal);
  const plane = planeOf(image, args.axis);
  const labels = matchLabels(await readVolume(args.labels, '--labels'), image);
  throwIfCancelled(signal);
  const job = await prepareJob(image, labels, plane, args);

  const { result, backend } = await runJob(job, args, installation, onProgress, signal);
  const mask = assemble(job, result, image, plane);

  let evaluation: Evaluation | undefined;
  if (args.evaluate) evaluation = evaluate(mask, labels, plane, args.label, args.shots);
  const row = resultRow(args, result, backend, evaluation);
  throwIfCancelled(signal);
  if (args.out !== undefined) await writeMaskNifti(mask, image, args.out);
  if (args.json !== undefined && args.json !== '-') {
    await writeFile(args.json, `${JSON.stringify(row, null, 2)}\n`);
  }
  return row;
}

async function runJob(
  job: FewshotJob,
  args: SegmentArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<{ result: FewshotResult; backend: string }> {
  const read = readModelFolder(args.model ?? installation.model);
  const manifest = await loadManifest(read, signal);
  const { weights } = parseSafetensors(
    await loadModelFile(manifest, 'decoder', read, onProgress, signal),
  );
  const encoder = await createImageEncoderNode(
    await loadModelFile(manifest, 'encoder', read, onProgress, signal),
  );
  try {
    const backend = await selectBackend({ prefer: 'wasm', wasmPath: installation.wasmPath });
    const result = await propagate(
      job,
      {
        encoder,
        modelSha256: manifest.files.encoder.sha256,
        weights,
        cache: args.cache === 'none' ? undefined : new DiskCache(args.cache),
      },
      { signal, onProgress },
    );
    return { result, backend: backend.description };
  } finally {
    await encoder.dispose();
  }
}

/** The whole volume's mask: shots as drawn, all other slices as segmented. */
function assemble(
  job: FewshotJob,
  result: FewshotResult,
  geometry: VolumeGeometry,
  plane: Plane,
): Uint8Array {
  const mask = new Uint8Array(voxelCount(geometry));
  for (const slice of result.slices) insertSlice(mask, geometry, plane, slice.index, slice.mask);
  for (const [index, drawn] of job.labels) insertSlice(mask, geometry, plane, index, drawn);
  return mask;
}

/** Says before the long computation that its result could not be kept. */
async function checkWritable(option: string, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const folder = path.dirname(path.resolve(file));
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `${option} ${file} cannot be written: the folder ${folder} is not there or is read-only.`,
      'Give a path in a folder that exists and can be written.',
      { cause: error },
    );
  }
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory()) {
    throw new FewshotError('bad-input', `${option} ${file} is a folder.`, 'Give a file name.');
  }
}
