import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FewshotError } from 'fewshot-sam';
import type { WorkerArguments } from '../commands/cohortArguments';
import type { Machinery } from '../commands/withModel';
import { pause } from './dicomweb';
import { type ChildProgram, defaultConcurrency, StudyPool, workFolder } from './pool';
import {
  checkRedis,
  connectRedis,
  failureText,
  QUEUE,
  readSpec,
  readTask,
  type StudyJobOf,
  type StudyResult,
  wordsOf,
} from './queue';
import type { CohortRow, CohortSpec, StudyFailure } from './rows';

/**
 * A job whose worker is silent this long is taken by another; renewed at half of it. The work runs in other
 * processes, so nothing blocks the renewal.
 */
const LOCK_MS = 30_000;
/** Between looks for such jobs. */
const STALLED_INTERVAL_MS = 10_000;
/** How often a job may lose its worker before it fails: workers may be killed, machines restarted. */
const MOST_STALLED = 20;
/** Wait before a stopped worker's study is taken by another, ms. */
const HANDED_BACK_MS = 500;

/** What a worker is made of; a test of scale brings a program of its own. */
export interface WorkerSetup {
  program: ChildProgram;
  machinery: Machinery;
  version: string;
}

/** The failure of a study of which no task has a result, for the queue's list of failed jobs. */
function failureOfAll(rows: readonly CohortRow[]): StudyFailure | null {
  const [{ kind, reason }] = rows;
  if (!rows.every(({ state }) => state === 'failed')) return null;
  return { kind: kind ?? 'program', message: reason ?? '', isTransient: false };
}

/**
 * Runs `fewshot-sam worker`: takes studies from the queue until the signal aborts. Studies in progress then
 * go back to the queue at once.
 *
 * @param log called with lines for the operator; they name studies by their job only
 * @throws FewshotError when the queue cannot be used
 */
export async function runWorker(
  { queue: url, concurrency = defaultConcurrency() }: WorkerArguments,
  { program, machinery, version }: WorkerSetup,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const redis = await connectRedis(url);
  const work = workFolder(tmpdir(), 'fewshot-sam-worker-');
  let backendShown = '';
  const pool = new StudyPool(program, machinery, backend => {
    if (backend !== backendShown) log(`Computes with ${backend}.`);
    backendShown = backend;
  });
  const specs = new Map<string, Promise<CohortSpec>>();
  const specOf = (cohort: string): Promise<CohortSpec> => {
    const known = specs.get(cohort);
    if (known) return known;
    const read = readSpec(redis, cohort);
    specs.set(cohort, read);
    // Another attempt reads it again.
    read.catch(() => specs.delete(cohort));
    return read;
  };
  const tasks = new Map<string, Promise<string>>();
  const taskFile = (sha256: string): Promise<string> => {
    const known = tasks.get(sha256);
    if (known) return known;
    const written = writeTask(sha256);
    tasks.set(sha256, written);
    written.catch(() => tasks.delete(sha256));
    return written;
  };
  const writeTask = async (sha256: string) => {
    await mkdir(work.folder, { recursive: true });
    const file = path.join(work.folder, `${sha256}.task`);
    await writeFile(file, await readTask(redis, sha256));
    return file;
  };
  try {
    await checkRedis(redis, note => log(`Note: ${note}`));
    await pool.warmUp();
    const { Worker, DelayedError, UnrecoverableError } = await import('bullmq');
    const processStudy = async (job: StudyJobOf, token?: string): Promise<StudyResult> => {
      const spec = await specOf(job.data.cohort);
      if (spec.version !== version) {
        throw new Error(
          failureText({
            kind: 'program',
            message: `The cohort needs version ${spec.version}; this worker has ${version}.`,
            isTransient: true,
          }),
        );
      }
      const taskFiles: Record<string, string> = {};
      for (const { sha256 } of spec.tasks) taskFiles[sha256] = await taskFile(sha256);
      const study = { uid: job.data.study, date: '' };
      const outcome = await pool.run({ study, spec, taskFiles, work: work.folder });
      if ('cancelled' in outcome) {
        await job.moveToDelayed(Date.now() + HANDED_BACK_MS, token);
        throw new DelayedError();
      }
      let failure: StudyFailure;
      if ('rows' in outcome) {
        const failed = failureOfAll(outcome.rows);
        if (!failed) return { rows: outcome.rows };
        failure = failed;
      } else {
        failure = outcome.failure;
      }
      const text = failureText(failure);
      log(`Study ${job.id}: ${text}`);
      throw failure.isTransient ? new Error(text) : new UnrecoverableError(text);
    };
    const worker = new Worker<{ cohort: string; study: string }, StudyResult>(
      QUEUE,
      async (job, token) => {
        try {
          return await processStudy(job, token);
        } catch (error) {
          // BullMQ makes "null" of anything else.
          throw error instanceof Error ? error : new Error(String(error));
        }
      },
      {
        connection: redis as never,
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_INTERVAL_MS,
        maxStalledCount: MOST_STALLED,
        autorun: false,
      },
    );
    let lastError = '';
    worker.on('error', error => {
      const words = wordsOf(error);
      if (words !== lastError) log(`Queue: ${words}`);
      lastError = words;
    });
    worker.on('completed', job => log(`Study ${job.id}: done.`));
    worker.on('stalled', id => log(`Study ${id}: its worker is gone; it waits again.`));
    const running = worker.run();
    running.catch(() => undefined);
    log(`Takes studies from the queue, ${concurrency} at a time. Ctrl-C stops.`);
    await new Promise<void>(resolve => {
      if (signal.aborted) resolve();
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    log('Stopping: studies in progress go back to the queue.');
    await pool.close();
    // A queue that is away must not keep the worker.
    await Promise.race([worker.close(), pause(5000)]);
  } catch (error) {
    if (error instanceof FewshotError) throw error;
    throw new FewshotError(
      'bad-result',
      `The queue cannot be used: ${wordsOf(error)}.`,
      'Check that Redis runs, then start the worker again.',
    );
  } finally {
    await pool.close();
    redis.disconnect();
    work.remove();
  }
}
