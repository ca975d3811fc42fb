import { access, constants, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FewshotError, throwIfCancelled } from '../errors';
import type { MethodJob } from '../methods/method';
import { needsTruth } from '../methods/registry';
import type { OnProgress } from '../progress';
import { matchLabels } from '../volume/matchLabels';
import { planeOf } from '../volume/plane';
import { readVolume } from '../volume/readVolumeNode';
import { writeMaskNifti } from '../volume/writeNiftiNode';
import { assembleMask } from './assembleMask';
import { evaluate, type Evaluation } from './evaluate';
import { prepareJob, structureOn } from './prepareJob';
import { resultRow, type ResultRow } from './resultRow';
import { runMethod } from './runMethod';
import type { SegmentArguments } from './segmentArguments';

/** Where this installation keeps what is not part of the program. */
export interface Installation {
  /** File of the command itself. */
  program: string;
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
  const job: MethodJob = await prepareJob(image, labels, plane, args);
  if (needsTruth(args.method)) job.truth = structureOn(labels, plane, args.label, job.targets);

  const { result, backend } = await runMethod(
    args.method,
    job,
    { ...installation, model: args.model ?? installation.model, cache: args.cache },
    onProgress,
    signal,
  );
  const mask = assembleMask(job.labels, result.slices, image, plane);

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

/** Says before the long computation that its result could not be kept. */
export async function checkWritable(option: string, file: string | undefined): Promise<void> {
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
