/**
 * `npm run bench:cohort`: cohorts at their full size. Real Redis and Orthanc; a producer and a worker as processes
 * of their own.
 *
 * `-- --studies 5000`: what a queue costs, with thousands of small studies; only the image encoder is a stand-in,
 * which answers at once. Prints jobs per second, the memory of producer and worker over time, and what the queue
 * itself costs per job.
 *
 * `-- --throughput`: studies per hour of a worker that segments one study at a time and of one that segments two,
 * with the real encoder on one thread each. Nothing else may run on the machine.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCohortChild } from '../../cli/src/cohort/child';
import { cohortCommand } from '../../cli/src/cohort/cohort';
import { machineryOf } from '../../cli/src/cohort/pool';
import { connectRedis } from '../../cli/src/cohort/queue';
import { runWorker } from '../../cli/src/cohort/worker';
import { parseCohortArguments } from '../../cli/src/commands/cohortArguments';
import { withModel } from '../../cli/src/commands/withModel';
import {
  EMBEDDING_CHANNELS,
  ENCODER_SIZES,
  type ImageEncoder,
  inputSizeOf,
  TOKEN_PIXELS,
} from '../../engine/src/sam/imageEncoder';
import { learnDisk } from '../cohort/learnDisk';
import { type PhantomOptions, phantomStudy } from '../cohort/phantoms';
import { RedisServer } from '../cohort/processes';
import { Orthanc } from '../pacs/orthanc';

const self = fileURLToPath(import.meta.url);
const root = path.resolve(path.dirname(self), '../..');
const EVERY_MS = 2000;

const installation = {
  program: self,
  model: path.join(root, 'public/models/mobile-sam'),
  wasmPath: path.join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'),
  kernels: path.join(root, 'engine/dist'),
};

/** Answers at once with an embedding that depends on the image's mean. */
const encoder: ImageEncoder = {
  device: 'stand-in',
  sizes: ENCODER_SIZES,
  encode: input => {
    const mean = input.reduce((sum, value) => sum + value, 0) / input.length;
    const side = inputSizeOf(input) / TOKEN_PIXELS;
    const embedding = new Float32Array(EMBEDDING_CHANNELS * side ** 2);
    for (let i = 0; i < embedding.length; i++) embedding[i] = Math.sin(i + mean);
    return Promise.resolve(embedding);
  },
  dispose: () => Promise.resolve(),
};

const option = (name: string, otherwise: string) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};

const isReal = process.argv.includes('--real');

if (process.argv.includes('--child')) {
  await runCohortChild((machinery, signal, work) =>
    withModel(
      machinery,
      () => undefined,
      signal,
      loaded => work(isReal ? loaded : { ...loaded, parts: { ...loaded.parts, encoder } }),
    ),
  );
} else if (process.argv.includes('--worker')) {
  const controller = new AbortController();
  process.once('SIGTERM', () => controller.abort());
  const concurrency = Number(option('concurrency', '2'));
  await runWorker(
    { queue: option('queue', ''), concurrency },
    {
      program: {
        program: self,
        args: ['--child', ...(isReal ? ['--real'] : [])],
        execArgv: ['--import', 'tsx'],
      },
      machinery: machineryOf(installation, {}, 2),
      version: 'bench',
    },
    line => line.startsWith('Takes studies') && process.send?.('ready'),
    controller.signal,
  );
} else if (process.argv.includes('--producer')) {
  const args = parseCohortArguments(process.argv.slice(process.argv.indexOf('--producer') + 1));
  await cohortCommand(
    args,
    installation,
    'bench',
    { write: () => undefined },
    new AbortController().signal,
  );
} else if (process.argv.includes('--throughput')) {
  const studies = Number(option('studies', '24'));
  const rates: number[] = [];
  for (const concurrency of [1, 2]) {
    const { seconds } = await withCohort(
      { studies, phantom: { slices: 24, isVaried: true }, concurrency, real: true },
      cohort => cohort.run(),
    );
    rates.push((studies * 3600) / seconds);
    console.log(
      `${concurrency} at a time: ${rates.at(-1)!.toFixed(0)} studies of 24 slices per hour.`,
    );
  }
  console.log(`Two at a time: ${(rates[1] / rates[0]).toFixed(2)} times as many.`);
} else {
  await measure(Number(option('studies', '5000')));
}

async function measure(count: number): Promise<void> {
  const settings = { studies: count, phantom: { slices: 2 }, concurrency: 2, real: false };
  await withCohort(settings, async ({ redis, run }) => {
    await queueAlone(redis, count);
    const { seconds, counts, memory } = await run();
    console.log(
      `${JSON.stringify(counts)} in ${seconds.toFixed(0)} s: ${(count / seconds).toFixed(2)} jobs/s.`,
    );
    const step = Math.max(1, Math.floor(memory.length / 8));
    console.table(memory.filter((_, i) => i % step === 0 || i === memory.length - 1));
    const results = option('json', '');
    if (results)
      writeFileSync(results, JSON.stringify({ count, seconds, counts, memory }, null, 1));
  });
}

interface CohortSettings {
  studies: number;
  phantom: PhantomOptions;
  /** Studies at a time. */
  concurrency: number;
  /** Whether slices are encoded, or the stand-in answers. */
  real: boolean;
}

interface CohortRun {
  /** From the start of the producer, once the worker takes studies. */
  seconds: number;
  counts: object;
  /** Resident MB over time. */
  memory: { seconds: number; producer: number; worker: number }[];
}

/** Fills an archive, starts a queue and a worker, and ends them after `measured`. */
async function withCohort<T>(
  { studies, phantom, concurrency, real }: CohortSettings,
  measured: (cohort: { redis: RedisServer; run(): Promise<CohortRun> }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), 'fewshot-bench-'));
  // Heads take little of the time, so that the queue is seen.
  const task = await learnDisk(folder, 'Disk', ['--method', 'head']);
  const orthanc = await Orthanc.start();
  const redis = await RedisServer.start('--appendonly', 'yes');
  const children: ChildProcess[] = [];
  const start = (args: string[]) => {
    const child = fork(self, args, { execArgv: ['--import', 'tsx'], stdio: 'inherit' });
    children.push(child);
    return child;
  };
  const run = async (): Promise<CohortRun> => {
    const worker = start([
      ...['--worker', '--queue', redis.url, '--concurrency', String(concurrency)],
      ...(real ? ['--real'] : []),
    ]);
    // Until it has loaded its model.
    await new Promise(resolve => worker.once('message', resolve));
    const began = performance.now();
    const producer = start([
      ...['--producer', 'apply', task, '--dicomweb', orthanc.dicomWeb, '--store'],
      ...['--query', 'ModalitiesInStudy=CT', '--modality', 'CT', '--min-slices', '2'],
      ...['--out', path.join(folder, 'out'), '--queue', redis.url],
    ]);
    const memory: CohortRun['memory'] = [];
    const elapsed = () => (performance.now() - began) / 1000;
    const timer = setInterval(() => {
      const [inProducer, inWorker] = [residentMb(producer), residentMb(worker)];
      memory.push({ seconds: Math.round(elapsed()), producer: inProducer, worker: inWorker });
    }, EVERY_MS);
    await new Promise(resolve => producer.once('exit', resolve));
    clearInterval(timer);
    const report = readFileSync(path.join(folder, 'out/report.json'), 'utf8');
    const { counts } = JSON.parse(report) as { counts: object };
    return { seconds: elapsed(), counts, memory };
  };
  try {
    console.log(`Puts ${studies} studies of ${phantom.slices} slices into Orthanc.`);
    for (let number = 0; number < studies; number++) {
      const { files } = phantomStudy(number, {
        ...phantom,
        variant: phantom.isVaried ? number : 0,
      });
      for (const file of files) await orthanc.add(file);
    }
    return await measured({ redis, run });
  } finally {
    for (const child of children) child.kill('SIGTERM');
    await new Promise(resolve => setTimeout(resolve, 2000));
    await redis.remove();
    await orthanc.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the queue itself costs: as many jobs that do nothing, one at a time. */
async function queueAlone(redis: RedisServer, count: number): Promise<void> {
  const { Queue, Worker } = await import('bullmq');
  const connection = await connectRedis(redis.url);
  const queue = new Queue('empty', { connection: connection as never });
  const jobs = Array.from({ length: count }, (_, i) => ({
    name: 'study',
    data: { cohort: 'empty', study: `2.25.${i}` },
    opts: { jobId: `empty_2.25.${i}` },
  }));
  const added = performance.now();
  for (let i = 0; i < count; i += 500) await queue.addBulk(jobs.slice(i, i + 500));
  const began = performance.now();
  let done = 0;
  await new Promise<void>(resolve => {
    const worker = new Worker('empty', async () => ({ rows: [] }), {
      connection: connection as never,
    });
    worker.on('completed', () => {
      if (++done === count) void worker.close().then(resolve);
    });
  });
  const each = (from: number, to: number) => ((to - from) / count).toFixed(2);
  console.log(
    `The queue alone: ${each(added, began)} ms to add a job, ${each(began, performance.now())} ms to take and end it.`,
  );
  await queue.obliterate({ force: true });
  await queue.close();
  connection.disconnect();
}

/** Resident memory of a process, MB. */
function residentMb({ pid }: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
