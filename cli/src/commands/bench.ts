import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchRow } from '../bench/benchRow';
import { RowFile } from '../bench/rowFile';
import { parseSuite, type BenchCase, type Study, wantedOf, type WithinCase } from '../bench/suite';
import { Results } from '../bench/summary';
import {
  ACROSS_MEASURES,
  acrossCells,
  alignedText,
  checks,
  failures,
  iouCells,
  KIND_NAMES,
  methodCells,
} from '../bench/table';
import { FewshotError, type OnNote, printable, printableLines, sha256Hex } from 'fewshot-sam';
import type { MethodName } from '../methods/registry';
import type { BenchArguments } from './benchArguments';
import { checkOutputs, type Named } from './checkOutputs';
import { failedFigures, inCase } from './benchFailure';
import { runTask } from './benchProcess';
import { studyField, type Figures, type StudyVolumes } from './benchTask';
import { machineText } from './machine';
import { durationText, ProgressLine, type ProgressOutput } from './progressLine';
import type { Installation } from './segment';
import { modelFolder } from './withModel';

/**
 * Runs `fewshot-sam bench`: computes a row for each case and method, and keeps rows that the file already
 * has.
 *
 * @param log receives progress
 * @returns the report to print
 * @throws FewshotError when the suite is invalid or no backend works; finished rows are kept
 */
export async function bench(
  args: BenchArguments,
  installation: Installation,
  log: ProgressOutput,
  signal: AbortSignal,
): Promise<string> {
  const cases = await readSuite(args.suite, args.only, note => log.write(`${note}\n`));
  await checkOutputs(
    [['--json', args.json]],
    [
      ['--suite', args.suite],
      ['--model', args.model],
      ...cases.flatMap(studiesOf).flatMap(({ image, labels }): Named[] => [
        ['image', image],
        ['labels', labels],
      ]),
    ],
  );
  const rows = await RowFile.open(args.json);
  const build = (await sha256Hex(await readFile(installation.program))).slice(0, 12);
  const { seed } = args;
  const todo = cases.map(one => ({
    case: one,
    methods: args.methods.filter(method => args.again || !rows.find({ id: one.id, method, seed })),
  }));
  const total = todo.reduce((sum, { methods }) => sum + methods.length, 0);
  const kept = cases.length * args.methods.length - total;
  if (kept > 0)
    log.write(
      `Kept from ${printable(args.json)}: ${kept} of ${kept + total} rows (--again computes all).\n`,
    );

  const run: Run = { args, installation, log, signal, studies: new Map() };
  let done = 0;
  for (const { case: one, methods } of todo) {
    for (const method of methods) {
      const prefix = `[${++done}/${total}] ${printable(one.id)} ${method}: `;
      const start = performance.now();
      const figures = await computeRow(run, one, method, prefix);
      const row: BenchRow = {
        id: one.id,
        method,
        seed,
        ...figures,
        machine: machineText(),
        date: new Date().toISOString(),
        build,
      };
      await rows.put(row);
      log.write(`${prefix}${rowText(row)}, ${durationText((performance.now() - start) / 1000)}\n`);
    }
  }
  const ofSeed = rows.all().filter(row => row.seed === seed);
  const results = new Results(cases, args.methods, ofSeed);
  const older = cases.flatMap(({ id }) =>
    args.methods.filter(method => results.row(id, method)?.build !== build),
  );
  if (older.length > 0) {
    log.write(`Computed by another build: ${older.length} rows (--again computes all).\n`);
  }
  return report(results);
}

interface Run {
  args: BenchArguments;
  installation: Installation;
  log: ProgressOutput;
  signal: AbortSignal;
  /** Studies of the current case, so that the next case need not read them again. */
  studies: Map<string, StudyVolumes>;
}

async function computeRow(
  run: Run,
  one: BenchCase,
  method: MethodName,
  prefix: string,
): Promise<Figures> {
  const { args, installation, log, signal } = run;
  await readStudies(run, one);
  const line = new ProgressLine(log, undefined, prefix);
  try {
    const result = await runTask(
      installation.program,
      {
        kind: 'segment',
        case: one,
        method,
        seed: args.seed,
        learn: one.kind === 'within' ? run.studies.get(studyKey(one)) : undefined,
        machinery: {
          model: modelFolder(args.model, installation),
          wasmPath: installation.wasmPath,
          kernels: installation.kernels,
          cache: args.cache,
        },
      },
      // A log gets one line per row; show progress within a row only on a terminal.
      log.isTTY ? line.show : () => undefined,
      signal,
    );
    if ('figures' in result) return result.figures;
    if ('failure' in result) return failedFigures(one, method, result.failure, args.suite);
    throw new Error('The process of a segmentation returned volumes.');
  } finally {
    line.finish();
  }
}

/**
 * Reads the study of a case within one study, unless the previous case had the same, and drops others. A
 * case across studies may have many, so its process reads them itself.
 */
async function readStudies(
  { args, studies, installation, signal }: Run,
  one: BenchCase,
): Promise<void> {
  const needed = one.kind === 'within' ? [one] : [];
  for (const key of studies.keys()) {
    if (!needed.some(each => studyKey(each) === key)) studies.delete(key);
  }
  for (const each of needed) {
    if (studies.has(studyKey(each))) continue;
    const task = { kind: 'read', study: each.learn, label: wantedOf(each) } as const;
    const result = await runTask(installation.program, task, () => undefined, signal);
    if ('failure' in result) throw inCase(one, result.failure, args.suite);
    if ('volumes' in result) studies.set(studyKey(each), result.volumes);
  }
}

/**
 * Reads the cases of a suite.
 *
 * @param only keeps cases whose id matches
 * @throws FewshotError when the suite cannot be read, or a file of one of its cases is missing
 */
export async function readSuite(
  file: string,
  only?: RegExp,
  onNote?: OnNote,
): Promise<BenchCase[]> {
  let suite: unknown;
  try {
    suite = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new FewshotError(
      'bad-input',
      `--suite ${file} ${code === undefined ? `is not JSON (${message})` : `cannot be read (${code})`}.`,
      'Give the path of a suite.',
      { cause: error },
    );
  }
  const folder = path.dirname(path.resolve(file));
  for (const [name, value] of Object.entries(suite ?? {})) {
    if (!Array.isArray(value) || ['within', 'across', '2d'].includes(name)) continue;
    onNote?.(
      `Ignored: ${printable(name)} (${value.length}); bench reads only within, across and 2d.`,
    );
  }
  const all = parsedSuite(file, suite, (root, place) => path.resolve(folder, root, place));
  const cases = all.filter(({ id }) => only === undefined || only.test(id));
  if (cases.length === 0) {
    throw new FewshotError(
      'bad-input',
      `--only ${only?.source} matches none of the ${all.length} cases.`,
      `Cases are named like ${all[0].id}.`,
    );
  }
  for (const one of cases) await checkFiles(one);
  return cases;
}

/** Reports a missing file before hours of work. */
async function checkFiles(one: BenchCase): Promise<void> {
  const files = studiesOf(one).flatMap(({ image, labels, field }) => [
    [`${field}image`, image],
    [`${field}labels`, labels],
  ]);
  for (const [field, file] of files) {
    await access(file).catch(error => {
      throw new FewshotError(
        'bad-input',
        `Case ${one.id}: ${field} ${file} does not exist or cannot be read.`,
        'Fix the path; it is relative to the root of the suite, which is relative to the folder of the suite.',
        { cause: error },
      );
    });
  }
}

/** Returns every study of a case with its field name in the suite. */
function studiesOf(one: BenchCase): (Study & { field: string })[] {
  if (one.kind === 'within') return [{ ...one.learn, field: '' }];
  const named = (name: 'few_shot' | 'test', studies: readonly Study[]) =>
    studies.map((study, i) => ({ ...study, field: studyField(name, i, studies.length) }));
  return [...named('few_shot', one.fewShot), ...named('test', one.test)];
}

/** Parses a suite. @throws FewshotError that also names the file */
function parsedSuite(file: string, ...given: Parameters<typeof parseSuite>): BenchCase[] {
  try {
    return parseSuite(...given);
  } catch (error) {
    if (!(error instanceof FewshotError)) throw error;
    const { code, message, remedy } = error;
    throw new FewshotError(code, `--suite ${file}: ${message}`, remedy, { cause: error });
  }
}

/** Segments may overlap: which one a voxel belongs to depends on the wanted structure. */
function studyKey(one: WithinCase): string {
  return JSON.stringify([one.learn.image, one.learn.labels, wantedOf(one)]);
}

function rowText({ iou, error }: BenchRow): string {
  if (iou === null) return 'does not support this case';
  return error === undefined ? `IoU ${iou.toFixed(4)}` : `failed (${printable(error)})`;
}

/** Formats the report: tables, checks, and failures. */
export function report(results: Results): string {
  const parts = [alignedText(iouCells(results))];
  for (const kind of ['within', 'across'] as const) {
    if (results.ofKind(kind).length === 0) continue;
    parts.push(`Means ${KIND_NAMES[kind]}\n${alignedText(methodCells(results, kind))}`);
  }
  const across = acrossCells(results);
  if (across.length > 1) parts.push(`${ACROSS_MEASURES}\n${alignedText(across)}`);
  for (const lines of [checks(results), failures(results).map(line => `! ${line}`)]) {
    if (lines.length > 0) parts.push(lines.map(line => `${line}\n`).join(''));
  }
  return printableLines(parts.join('\n'));
}
