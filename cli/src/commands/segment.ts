import { ALGORITHM } from 'fewshot-sam-dicom';
import {
  FewshotError,
  type FewshotResult,
  keepNotes,
  type MethodJob,
  type OnNote,
  type OnProgress,
  type Plane,
  planeOf,
  throwIfCancelled,
  type Volume,
  withoutOverlap,
} from 'fewshot-sam';
import { methodEntry } from '../methods/registry';
import { readVolume } from '../volume/readVolumeNode';
import { assembleMask } from './assembleMask';
import { checkOutputs } from './checkOutputs';
import { evaluate } from './evaluate';
import { outlineNotes } from './outlineNotes';
import { prepareJob, structureOn } from './prepareJob';
import { readLabels } from './readLabels';
import { resultRow, type ResultRow } from './resultRow';
import { runMethod } from './runMethod';
import type { SegmentArguments } from './segmentArguments';
import { structureName } from './structureName';
import { writeFileAside } from '../files/writeFileAside';
import { checkGrid, checkResult, writeResult, type Structure } from './writeResult';
import { modelFolder } from './withModel';

/** Paths of this installation. */
export interface Installation {
  /** File of the command itself. */
  program: string;
  /** Folder of the default model. */
  model: string;
  /** Folder of TensorFlow.js' WebAssembly files. */
  wasmPath: string;
  /** Folder of our own kernels. */
  kernels: string;
}

/**
 * Runs `fewshot-sam segment`: reads, segments, evaluates and writes.
 *
 * @param onNote called with notes on the input; the rows hold them, too
 * @throws FewshotError
 */
export async function segment(
  args: SegmentArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<ResultRow[]> {
  const { notes, note } = keepNotes(onNote);
  await checkOutputs(
    [
      ['--out', args.out],
      ['--json', args.json === '-' ? undefined : args.json],
    ],
    [
      ['--image', args.image],
      ['--labels', args.labels],
      ['--model', args.model],
    ],
  );
  const isSeveral = args.structures.length > 1;
  const numbers = args.structures.flatMap(([first]) => (typeof first === 'number' ? [first] : []));
  await checkResult(args, args.image, isSeveral ? numbers : [1]);

  const image = await readVolume(args.image, '--image', note);
  checkGrid(args, image, note);
  throwIfCancelled(signal);
  const plane = planeOf(image, args.axis);
  const {
    volume: labels,
    segments,
    structures: wanted,
  } = await readLabels(args.labels, { location: args.image, volume: image }, args.structures, {
    onNote: note,
  });
  throwIfCancelled(signal);
  const jobs: MethodJob[] = [];
  for (const label of wanted) {
    const shown = isSeveral ? shownOn(labels, plane, label, args) : args;
    const job = await prepareJob(image, labels, plane, { ...args, ...shown, label });
    outlineNotes(labels, plane, label, job.labels).forEach(note);
    jobs.push(job);
  }
  const machinery = {
    ...installation,
    model: modelFolder(args.model, installation),
    cache: args.cache,
  };
  const results: { result: FewshotResult; backend: string }[] = [];
  for (const [i, job] of jobs.entries()) {
    const label = wanted[i];
    if (methodEntry(args.method).needsTruth)
      job.truth = structureOn(labels, plane, label, job.targets);
    results.push(await runMethod(args.method, job, machinery, onProgress, signal));
  }

  const kept = withoutOverlap(
    results.map(({ result }, i) => ({ segmentIndex: i, slices: result.slices })),
  );
  const structures: Structure[] = [];
  const rows = results.map(({ result, backend }, i) => {
    const label = wanted[i];
    const slices = [...kept.get(i)!].map(([index, mask]) => ({ index, mask }));
    const mask = assembleMask(jobs[i].labels, slices, image, plane);
    structures.push({
      ...structureName(label, args.names?.[i], segments),
      value: isSeveral ? label[0] : 1,
      algorithmType: 'SEMIAUTOMATIC',
      algorithm: { ...ALGORITHM, parameters: parametersOf(args, result) },
      mask,
    });
    const drawn = [...jobs[i].labels.keys()];
    const evaluation = args.evaluate ? evaluate(mask, labels, plane, label, drawn) : undefined;
    return { ...resultRow(args, label, result, backend, evaluation), notes };
  });
  throwIfCancelled(signal);
  if (args.out !== undefined) {
    await writeResult(args.out, structures, {
      image: args.image,
      geometry: image,
      format: args.format,
      encoding: args.seg,
      frames: args.segFrames,
      onNote: note,
    });
  }
  if (args.json !== undefined && args.json !== '-') {
    await writeFileAside('--json', args.json, rowsAsJson(rows));
  }
  return rows;
}

/** Describes how a structure was segmented, for the SEG. */
function parametersOf(args: SegmentArguments, { iterations }: FewshotResult): string {
  const { kind, low, high } = args.window;
  return [
    `method ${args.method}`,
    `${args.axis} slices ${args.shots.join(', ')} drawn (from 0)`,
    `window ${low} to ${high}${kind === 'percentile' ? ' percentiles' : ''}`,
    ...(iterations ? [`${iterations} iterations`, `seed ${args.seed}`] : []),
  ].join('; ');
}

/** Formats one result as a JSON object, several as a list. */
export function rowsAsJson(rows: readonly ResultRow[]): string {
  return `${JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2)}\n`;
}

/**
 * Splits the shots for one of several structures: shots that do not show it are examples of its absence.
 */
function shownOn(
  labels: Volume,
  plane: Plane,
  label: readonly number[],
  { shots, empty }: SegmentArguments,
): { shots: number[]; empty: number[] } {
  const inside = shots.filter(shot => shot < plane.slices);
  const masks = structureOn(labels, plane, label, inside);
  const isAbsent = (shot: number) => masks.has(shot) && !masks.get(shot)!.includes(1);
  const shown = shots.filter(shot => !isAbsent(shot));
  // `labeledShots` reports this in more detail.
  if (shown.length === 0) return { shots, empty };
  if (shown.length < 2) {
    throw new FewshotError(
      'bad-input',
      `--label ${label.join(',')} occurs on only one slice of --shots.`,
      'Choose shots of which at least 2 show each structure.',
    );
  }
  return { shots: shown, empty: [...empty, ...shots.filter(isAbsent)] };
}
