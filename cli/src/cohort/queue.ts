import type { Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { FewshotError, type OnNote } from 'fewshot-sam';
import { redisOptions } from './credentials';
import type { CohortRow, CohortSpec, CohortStudy, FailureKind, StudyFailure } from './rows';
import type { TaskFiles } from './spec';

/** Name of the one queue of all cohorts. */
export const QUEUE = 'fewshot-sam';
/** Attempts at a study; pauses double from the first: 5 s, 10 s, ... */
const ATTEMPTS = 7;
const FIRST_PAUSE_MS = 5000;
/** Jobs added at a time. */
const BATCH = 500;

/** What a job holds: UIDs only. */
export interface StudyJob {
  cohort: string;
  study: string;
}

export interface StudyResult {
  rows: CohortRow[];
}

export type StudyQueue = Queue<StudyJob, StudyResult>;
export type StudyJobOf = Job<StudyJob, StudyResult>;

/** What became of a job. */
export type JobOutcome =
  | { state: 'pending' }
  /** Redis does not know it: it lost its data, or never had it. */
  | { state: 'lost' }
  | { state: 'done'; rows: CohortRow[] }
  | { state: 'failed'; failure: StudyFailure };

/** Codes of Node for certificates that it does not trust. */
const UNTRUSTED = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** Connects to Redis, and reports plainly why that fails. Its password appears nowhere. */
export async function connectRedis(url: string): Promise<Redis> {
  const { Redis: Client } = await import('ioredis');
  const redis = new Client({
    ...redisOptions(url),
    // As BullMQ needs it: waits for a server that is away.
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: times => Math.min(times * 200, 3000),
  });
  let reason = '';
  // Each failed attempt is an event; without a listener it would end the process.
  redis.on('error', (error: NodeJS.ErrnoException) => (reason = error.code ?? wordsOf(error)));
  const limit = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error('no answer')), 10_000).unref(),
  );
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), limit]);
  } catch (error) {
    redis.disconnect();
    if (UNTRUSTED.test(reason)) {
      throw new FewshotError(
        'bad-input',
        `--queue: the certificate of Redis is not trusted (${reason}).`,
        'Set REDIS_CA to the file of the certificate authority that signed it.',
      );
    }
    throw new FewshotError(
      'bad-input',
      `--queue: Redis does not let this program in (${reason || wordsOf(error)}).`,
      'Check the address, that Redis runs, and REDIS_USERNAME, REDIS_PASSWORD and REDIS_CA in the environment.',
    );
  }
  return redis;
}

/** An error's message. Never the error itself: ioredis puts the password into errors of signing in. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0] : String(error);
}

/**
 * Checks that Redis keeps what it is given.
 *
 * @throws FewshotError `bad-input` when it may drop jobs if its memory is full
 */
export async function checkRedis(redis: Redis, onNote: OnNote): Promise<void> {
  const memory = await redis.info('memory');
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy !== undefined && policy !== 'noeviction') {
    throw new FewshotError(
      'bad-input',
      `--queue: Redis has the eviction policy ${policy}, by which it silently drops jobs once its memory is full.`,
      'Set maxmemory-policy noeviction in its configuration.',
    );
  }
  const persistence = await redis.info('persistence');
  if (/^aof_enabled:0/m.test(persistence)) {
    onNote(
      '--queue: Redis has no append-only file: if it is killed, it forgets studies that wait. Set appendonly yes.',
    );
  }
}

export async function openQueue(connection: Redis): Promise<StudyQueue> {
  const { Queue: BullQueue } = await import('bullmq');
  const queue: StudyQueue = new BullQueue(QUEUE, { connection: connection as never });
  queue.on('error', () => undefined);
  return queue;
}

/** Id of a job: adding it twice is adding it once. BullMQ refuses ids with a colon. */
export function jobId(cohort: string, study: string): string {
  return `${cohort}_${study}`;
}

const specKey = (cohort: string) => `fewshot-sam:cohort:${cohort}`;
const taskKey = (sha256: string) => `fewshot-sam:task:${sha256}`;

/** Puts what workers need beside the jobs into Redis: the cohort's settings and the task files. */
export async function publish(redis: Redis, spec: CohortSpec, files: TaskFiles): Promise<void> {
  for (const [sha256, bytes] of files) {
    if (!(await redis.exists(taskKey(sha256)))) {
      await redis.set(taskKey(sha256), Buffer.from(bytes));
    }
  }
  await redis.set(specKey(spec.id), JSON.stringify(spec));
}

/** @throws Error when Redis does not have it */
export async function readSpec(redis: Redis, cohort: string): Promise<CohortSpec> {
  const text = await redis.get(specKey(cohort));
  if (text === null) throw new Error(`The queue does not have the settings of cohort ${cohort}.`);
  return JSON.parse(text) as CohortSpec;
}

/** @throws Error when Redis does not have it */
export async function readTask(redis: Redis, sha256: string): Promise<Buffer> {
  const bytes = await redis.getBuffer(taskKey(sha256));
  if (bytes === null) throw new Error('The queue does not have a task file of the cohort.');
  return bytes;
}

/** Adds studies. Those that the queue knows stay as they are, also if they failed: see `retryJobs`. */
export async function addJobs(
  queue: StudyQueue,
  cohort: string,
  studies: readonly Pick<CohortStudy, 'uid'>[],
): Promise<void> {
  for (let start = 0; start < studies.length; start += BATCH) {
    await queue.addBulk(
      studies.slice(start, start + BATCH).map(({ uid }) => ({
        name: 'study',
        data: { cohort, study: uid },
        opts: {
          jobId: jobId(cohort, uid),
          attempts: ATTEMPTS,
          backoff: { type: 'exponential', delay: FIRST_PAUSE_MS },
          // Kept until `cohort report` has them, and for bull-board.
          removeOnComplete: false,
          removeOnFail: false,
        },
      })),
    );
  }
}

/** Lets studies wait again that failed or are done. Adding them again would do nothing. */
export async function retryJobs(
  queue: StudyQueue,
  cohort: string,
  studies: readonly string[],
): Promise<void> {
  for (const study of studies) {
    const id = jobId(cohort, study);
    const state = await queue.getJobState(id);
    // One that is being worked on is locked.
    if (state === 'completed' || state === 'failed') await queue.remove(id);
  }
  await addJobs(
    queue,
    cohort,
    studies.map(uid => ({ uid })),
  );
}

/** Takes back studies that wait. @returns those taken back */
export async function cancelJobs(
  queue: StudyQueue,
  cohort: string,
  studies: readonly string[],
): Promise<string[]> {
  const gone: string[] = [];
  for (const study of studies) {
    const id = jobId(cohort, study);
    const state = await queue.getJobState(id);
    if (state === 'active' || state === 'completed' || state === 'failed') continue;
    // A worker may just have taken it.
    if (state === 'unknown' || (await queue.remove(id)) === 1) gone.push(study);
  }
  return gone;
}

export async function jobOutcome(
  queue: StudyQueue,
  cohort: string,
  study: string,
): Promise<JobOutcome> {
  const id = jobId(cohort, study);
  const state = await queue.getJobState(id);
  if (state === 'unknown') return { state: 'lost' };
  if (state !== 'completed' && state !== 'failed') return { state: 'pending' };
  const job = (await queue.getJob(id)) as StudyJobOf | undefined;
  if (!job) return { state: 'lost' };
  if (state === 'completed') return { state: 'done', rows: job.returnvalue?.rows ?? [] };
  return { state: 'failed', failure: parseFailure(job.failedReason ?? '') };
}

/** Writes a failure as the reason of a failed job, which bull-board shows. */
export function failureText({ kind, message }: StudyFailure): string {
  return `[${kind}] ${message}`;
}

function parseFailure(reason: string): StudyFailure {
  const [, kind, message] = /^\[(\w+)\] (.*)$/s.exec(reason) ?? [];
  if (kind) return { kind: kind as FailureKind, message, isTransient: false };
  return { kind: 'crash', message: reason || 'The worker gave no reason.', isTransient: false };
}
