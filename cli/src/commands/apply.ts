import { readFile } from 'node:fs/promises';
import {
  type AppliedStudy,
  FewshotError,
  keepNotes,
  type OnNote,
  type OnProgress,
  printable,
  type TaskMetadata,
  throwIfCancelled,
  type Volume,
  withoutOverlap,
} from 'fewshot-sam';
import { parseTask } from 'fewshot-sam/compute';
import { readVolume } from '../volume/readVolumeNode';
import type { ApplyArguments } from './applyArguments';
import { type AppliedVolume, applyToVolume } from './applyToVolume';
import { assembleMask } from './assembleMask';
import { checkOutputs, type Named } from './checkOutputs';
import { evaluate, type Evaluation } from './evaluate';
import { durationText } from './progressLine';
import { readLabels } from './readLabels';
import { agreementText } from './resultRow';
import type { Installation } from './segment';
import { modelFolder, withMemory, withModel } from './withModel';
import { writeFileAside } from '../files/writeFileAside';
import { checkGrid, checkResult, type Structure, writeResult } from './writeResult';

/**
 * One result; `null` where nothing was evaluated. Named by the task, not by files, whose names may name a
 * patient.
 */
export interface ApplyRow {
  id: string;
  method: string;
  iou: number | null;
  dice: number | null;
  assd_mm: number | null;
  encode_s: number;
  apply_s: number;
  /** Dice that the task predicts for the whole; missing where it predicts none, or nothing was found. */
  expected_dice?: number;
  /** Number of segmented slices, and of those on which the structure was found. */
  slices: number;
  slices_with_structure: number;
  backend: string;
  axis: string;
  embeddings_from_cache: number;
  /** Notes on the input, one sentence each. */
  notes?: readonly string[];
}

/**
 * Runs `fewshot-sam apply`: segments a study with tasks learned earlier.
 *
 * @returns a row per task
 * @throws FewshotError
 */
export async function applyCommand(
  args: ApplyArguments,
  installation: Installation,
  onProgress: OnProgress,
  signal: AbortSignal,
  onNote: OnNote,
): Promise<ApplyRow[]> {
  const { notes, note } = keepNotes(onNote);
  await checkOutputs(
    [
      ['--out', args.out],
      ['--json', args.json === '-' ? undefined : args.json],
    ],
    [
      ...args.tasks.map((task): Named => ['task', task]),
      ['--image', args.image],
      ['--labels', args.evaluate?.labels],
      ['--model', args.model],
    ],
  );
  await checkResult({ ...args, labels: args.evaluate?.labels }, args.image, []);
  const files = await Promise.all(args.tasks.map(readTaskFile));
  const image = await readVolume(args.image, '--image', note);
  checkGrid(args, image, note);
  const drawn =
    args.evaluate &&
    (await readLabels(
      args.evaluate.labels,
      { location: args.image, volume: image },
      [args.evaluate.label],
      { onNote: note },
    ));
  const truth = drawn && { label: drawn.structures[0], labels: drawn.volume };
  throwIfCancelled(signal);

  const machinery = {
    ...installation,
    model: modelFolder(args.model, installation),
    cache: args.cache,
  };
  return withModel(machinery, onProgress, signal, async loaded => {
    const { parts, backend } = files.length > 1 ? withMemory(loaded) : loaded;
    // All of them first, so that a damaged one is refused before the long computation.
    const tasks = files.map(file => parseTask(file, parts.weights));
    const found: AppliedVolume[] = [];
    for (const task of tasks) {
      found.push(await applyToVolume(task, image, args, parts, { signal, onProgress }));
    }
    const structures = structuresOf(found, image);
    const rows = found.map(({ applied, plane, method }, i): ApplyRow => {
      const { mask } = structures[i];
      const evaluation = truth && evaluate(mask, truth.labels, plane, truth.label, []);
      return { ...applyRow(tasks[i].metadata, method, applied, backend, evaluation), notes };
    });
    throwIfCancelled(signal);
    if (args.out !== undefined) {
      const { image: location, seg: encoding, segFrames: frames, format } = args;
      const target = { image: location, geometry: image, format, encoding, frames, onNote: note };
      await writeResult(args.out, structures, target);
    }
    if (args.json !== undefined && args.json !== '-') {
      await writeFileAside('--json', args.json, applyJson(rows));
    }
    return rows;
  });
}

/**
 * Returns what was found, numbered in the order of the tasks. A pixel found by several tasks belongs to the most
 * probable one, if their planes are the same; slices of different planes cannot be compared.
 */
function structuresOf(found: readonly AppliedVolume[], image: Volume): Structure[] {
  if (found.length === 1) return [found[0].structure];
  const planes = [...new Set(found.map(({ plane }) => plane.name))];
  const kept = new Map(
    planes.flatMap(name => [
      ...withoutOverlap(
        found.flatMap(({ plane, applied }, segmentIndex) =>
          plane.name === name ? [{ segmentIndex, slices: applied.slices }] : [],
        ),
      ),
    ]),
  );
  return found.map(({ structure, plane }, i) => {
    const slices = [...kept.get(i)!].map(([index, mask]) => ({ index, mask }));
    return { ...structure, value: i + 1, mask: assembleMask(new Map(), slices, image, plane) };
  });
}

/** @throws FewshotError `bad-input` when it cannot be read */
export async function readTaskFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `The task file ${file} cannot be read.`,
      'Give the path of a file that `fewshot-sam fit` wrote.',
      { cause: error },
    );
  }
}

function applyRow(
  { name, axis }: TaskMetadata,
  method: string,
  { slices, seconds, embeddingsFromCache, expectedDice }: AppliedStudy,
  backend: string,
  evaluation: Evaluation | undefined,
): ApplyRow {
  const rounded = (value: number) => Number(value.toFixed(3));
  return {
    id: `${name}/${axis}`,
    method,
    iou: evaluation?.iou ?? null,
    dice: evaluation?.dice ?? null,
    assd_mm: evaluation?.assdMm ?? null,
    ...(expectedDice !== undefined && { expected_dice: rounded(expectedDice) }),
    encode_s: rounded(seconds.encode),
    apply_s: rounded(seconds.propagate),
    slices: slices.length,
    slices_with_structure: slices.filter(({ mask }) => mask.includes(1)).length,
    backend,
    axis,
    embeddings_from_cache: embeddingsFromCache,
  };
}

/** Formats one result as a JSON object, several as a list. */
export function applyJson(rows: readonly ApplyRow[]): string {
  return `${JSON.stringify(rows.length === 1 ? rows[0] : rows, null, 2)}\n`;
}

/** Describes the results for people. */
export function applySummary(rows: readonly ApplyRow[], out: string | undefined): string {
  const lines = rows.flatMap(linesOf);
  if (out !== undefined) lines.push(`Mask: ${printable(out)}`);
  return `${lines.join('\n')}\n`;
}

function linesOf(row: ApplyRow): string[] {
  const lines = [
    `Found ${printable(row.id)} on ${row.slices_with_structure} of ${row.slices} slices (${row.backend}).`,
    `Encoding ${durationText(row.encode_s)}${row.embeddings_from_cache ? ` (${row.embeddings_from_cache} slices from the cache)` : ''}, segmenting ${durationText(row.apply_s)}.`,
  ];
  if (row.expected_dice !== undefined)
    lines.push(`Expected Dice: about ${row.expected_dice.toFixed(2)}. Look at every slice.`);
  if (row.iou !== null && row.dice !== null)
    lines.push(agreementText(row.iou, row.dice, row.assd_mm));
  return lines;
}
