import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FewshotError, printable } from 'fewshot-sam';
import type {
  CohortApplyArguments,
  CohortArguments,
  CohortOtherArguments,
} from '../commands/cohortArguments';
import type { Installation } from '../commands/segment';
import type { StudyRequest } from './child';
import { CohortLine } from './cohortLine';
import { archiveHeaders } from './credentials';
import { DicomWeb, pause } from './dicomweb';
import { runEmbedded } from './embedded';
import { findStudies, findStudiesInFolder } from './findStudies';
import { defaultConcurrency, machineryOf, StudyPool, workFolder } from './pool';
import { parseQuery } from './query';
import {
  addJobs,
  cancelJobs,
  checkRedis,
  connectRedis,
  openQueue,
  publish,
  retryJobs,
  type StudyQueue,
} from './queue';
import { collect, waitForWorkers } from './remote';
import { stateCounts, writeReport } from './report';
import type { CohortRow, CohortStudy } from './rows';
import type { FolderStudy } from './source';
import { readTasks, specOf, type TaskFiles } from './spec';
import { CohortState } from './state';

/** What a command did. */
export interface CohortResult {
  /** For people. */
  text: string;
  /** Whether any row failed. */
  hasFailed: boolean;
}

interface Context {
  installation: Installation;
  version: string;
  line: CohortLine;
  signal: AbortSignal;
}

/**
 * Runs `fewshot-sam cohort`.
 *
 * @throws FewshotError
 */
export async function cohortCommand(
  args: CohortArguments,
  installation: Installation,
  version: string,
  output: { isTTY?: boolean; write(text: string): unknown },
  signal: AbortSignal,
): Promise<CohortResult> {
  const line = new CohortLine(output);
  const context = { installation, version, line, signal };
  try {
    if (args.action === 'apply') return await apply(args, context);
    const state = await CohortState.open(args.out);
    try {
      if (args.action === 'retry') return await retry(args, state, context);
      if (args.action === 'cancel') await cancel(args, state, context);
      else if (args.queue) {
        await withQueue(args.queue, line, queue =>
          collect(state, queue, () => undefined, note(line)),
        );
      }
      return await report(state, args.out, args.viewer);
    } finally {
      state.close();
    }
  } finally {
    line.finish();
  }
}

async function apply(args: CohortApplyArguments, context: Context): Promise<CohortResult> {
  const { line, signal } = context;
  const query = parseQuery(args.query ?? '', args.since);
  const { tasks, files } = await readTasks(args.tasks);
  const spec = specOf(args, query, tasks, context.version);
  // Before the state is made, so that a wrong address leaves no folder behind.
  const found = args.folder
    ? await findStudiesInFolder(args.folder, note(line), signal)
    : await findStudies(
        new DicomWeb(args.dicomweb!, archiveHeaders()),
        query,
        args.limit,
        note(line),
        signal,
      );
  const state = await CohortState.open(args.out, spec);
  try {
    state.claim();
    if (args.folder) state.set('folder', path.resolve(args.folder));
    state.set('tasks', JSON.stringify(args.tasks.map(file => path.resolve(file))));
    if (args.viewer) state.set('viewer', args.viewer);
    const added = state.add(found.map(({ uid, date }) => ({ uid, date })));
    line.say(
      `${found.length} ${found.length === 1 ? 'study' : 'studies'} found, ${added} new in ${printable(args.out)}.`,
    );
    if (args.queue) {
      await withQueue(args.queue, line, async (queue, redis) => {
        await publish(redis, spec, files);
        await addJobs(queue, spec.id, state.studies('waiting'));
        if (!args.detach) await follow(state, queue, context);
      });
    } else {
      const folder = args.folder ? (found as FolderStudy[]) : undefined;
      await work(state, args, files, folder, context);
    }
    state.release();
    return await report(state, args.out, args.viewer, signal);
  } finally {
    state.close();
  }
}

/** Segments the studies that wait with processes of this machine. */
async function work(
  state: CohortState,
  args: Pick<CohortOtherArguments, 'out' | 'model' | 'cache' | 'concurrency'>,
  files: TaskFiles,
  folder: readonly FolderStudy[] | undefined,
  { installation, line, signal }: Context,
): Promise<void> {
  const concurrency = args.concurrency ?? defaultConcurrency();
  const { spec } = state;
  const waiting = state.counts().waiting;
  if (waiting === 0) return;
  const { folder: workDir, remove } = workFolder(args.out, '.work-');
  const pool = new StudyPool(
    { program: installation.program },
    machineryOf(installation, args, concurrency),
    once(backend => line.say(`Computes with ${backend}, ${concurrency} at a time.`)),
  );
  const close = () => void pool.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    const taskFiles = await writeTasks(workDir, files);
    await pool.warmUp();
    const byUid = new Map(folder?.map(study => [study.uid, study]));
    const requestOf = (study: CohortStudy): StudyRequest => ({
      study,
      spec,
      taskFiles,
      ...(folder && { folder: byUid.get(study.uid) ?? { ...study, series: [] } }),
      out: path.resolve(args.out),
      work: path.resolve(workDir),
    });
    const onStudy = (rows: readonly CohortRow[]) => {
      line.count(rows);
      line.show(state.counts());
    };
    await runEmbedded(state, pool, Math.min(concurrency, waiting), requestOf, onStudy, signal);
  } finally {
    signal.removeEventListener('abort', close);
    await pool.close();
    remove();
  }
}

async function writeTasks(folder: string, files: TaskFiles): Promise<Record<string, string>> {
  const written: Record<string, string> = {};
  for (const [sha256, bytes] of files) {
    written[sha256] = path.resolve(folder, `${sha256}.task`);
    await writeFile(written[sha256], bytes);
  }
  return written;
}

async function retry(
  args: CohortOtherArguments,
  state: CohortState,
  context: Context,
): Promise<CohortResult> {
  const { line, signal } = context;
  state.claim();
  const { spec } = state;
  const { files } = await readTasks(JSON.parse(state.value('tasks') ?? '[]') as string[]);
  const changed = spec.tasks.find(({ sha256 }) => !files.has(sha256));
  if (changed || spec.version !== context.version) {
    throw new FewshotError(
      'bad-input',
      changed
        ? `The task file of "${changed.name}" has changed or is gone since the cohort began.`
        : `The cohort began with version ${spec.version} of this program, which is now ${context.version}.`,
      'Begin another cohort: fewshot-sam cohort apply with an empty --out.',
    );
  }
  if (args.queue) {
    await withQueue(args.queue, line, async (queue, redis) => {
      // First what workers have done meanwhile.
      await collect(state, queue, line.count, note(line), signal);
      const again = state.retry(args.study);
      await publish(redis, spec, files);
      await retryJobs(queue, spec.id, again);
      line.say(`${again.length} studies wait again.`);
      await follow(state, queue, context);
    });
  } else {
    const again = state.retry(args.study);
    line.say(`${again.length} studies wait again.`);
    const folder = state.value('folder');
    const found = folder ? await findStudiesInFolder(folder, note(line), signal) : undefined;
    await work(state, args, files, found, context);
  }
  state.release();
  return report(state, args.out, args.viewer, signal);
}

async function cancel(
  { queue: url }: CohortOtherArguments,
  state: CohortState,
  { line }: Context,
): Promise<void> {
  if (!url) return line.say(`${state.cancel()} studies taken back.`);
  await withQueue(url, line, async queue => {
    await collect(state, queue, () => undefined, note(line));
    const waiting = state.studies('waiting').map(({ uid }) => uid);
    const gone = await cancelJobs(queue, state.spec.id, waiting);
    line.say(`${state.cancel(gone)} studies taken back.`);
  });
}

async function follow(
  state: CohortState,
  queue: StudyQueue,
  { line, signal }: Context,
): Promise<void> {
  const timer = setInterval(() => line.show(state.counts()), 1000);
  try {
    await waitForWorkers(state, queue, line.count, note(line), signal);
  } finally {
    clearInterval(timer);
  }
  if (signal.aborted) {
    line.say('Stopped waiting. Workers go on: see cohort report, or cohort cancel to stop them.');
  }
}

async function withQueue<T>(
  url: string,
  line: CohortLine,
  callback: (queue: StudyQueue, redis: Awaited<ReturnType<typeof connectRedis>>) => Promise<T>,
): Promise<T> {
  const redis = await connectRedis(url);
  try {
    await checkRedis(redis, note(line));
    const queue = await openQueue(redis);
    try {
      return await callback(queue, redis);
    } finally {
      // A queue that is away must not keep this program.
      await Promise.race([queue.close(), pause(2000)]);
    }
  } finally {
    redis.disconnect();
  }
}

/** Writes the report. */
async function report(
  state: CohortState,
  out: string,
  viewer: string | undefined,
  signal?: AbortSignal,
): Promise<CohortResult> {
  const { spec } = state;
  await writeReport(out, spec, state.rows(), viewer ?? state.value('viewer') ?? undefined);
  const counts = stateCounts([...state.rows()]);
  const words = Object.entries(counts).map(([name, count]) => `${count} ${name}`);
  const rest = signal?.aborted ? 'Stopped. Run the same command to continue.\n' : '';
  return {
    text: `${words.join(', ') || 'No studies'}.\n${rest}Report: ${printable(path.join(out, 'report.html'))}\n`,
    hasFailed: (counts.failed ?? 0) > 0,
  };
}

const note = (line: CohortLine) => (text: string) => line.say(`Note: ${text}`);

function once(show: (text: string) => void): (text: string) => void {
  let shown = '';
  return text => {
    if (text !== shown) show(text);
    shown = text;
  };
}
