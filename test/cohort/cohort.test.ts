/**
 * Cohorts with real parts: the built command, Debian's Orthanc, and Debian's Redis. Processes are killed,
 * the queue is restarted and the network is cut; every study must be stored exactly once all the same.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectRedis, jobId, openQueue, type StudyQueue } from '../../cli/src/cohort/queue';
import { missing } from '../cli/command';
import { hasOrthanc, HERE, LACKING, Orthanc, type Place } from '../pacs/orthanc';
import { learnDisk } from './learnDisk';
import { Network } from './network';
import { phantomStudy, SECRET, twelveStudies } from './phantoms';
import { Cable, Command, CountedArchive, hasRedis, RedisServer, until } from './processes';

const lacking = missing('command', 'model') ?? (hasOrthanc ? null : `no ${LACKING}`);
const lackingRedis = lacking ?? (hasRedis ? null : 'no redis-server (Debian: redis-server)');
for (const reason of new Set([lacking, lackingRedis])) {
  if (reason) console.warn(`Cohorts: skipped, ${reason}.`);
}

const PASSWORDS = { archive: 'Archiv-Wort-4711', queue: 'Schlangen-Wort-0815' };
const USER = { name: 'researcher', password: PASSWORDS.archive };
const ENV = {
  DICOMWEB_USER: USER.name,
  DICOMWEB_PASSWORD: USER.password,
  REDIS_PASSWORD: PASSWORDS.queue,
  COHORT_BACKOFF_MS: '200,1000,5000',
};
const studies = twelveStudies();

let folder: string;
let task: string;
const place = (name: string) => path.join(folder, name);

beforeAll(async () => {
  if (lacking) return;
  folder = mkdtempSync(path.join(tmpdir(), 'fewshot-cohort-'));
  task = await learnDisk(folder);
}, 600_000);
afterAll(() => folder && rmSync(folder, { recursive: true, force: true }));

async function archiveOfTwelve(place?: Place): Promise<Orthanc> {
  const orthanc = await Orthanc.start(USER, place);
  for (const { files } of studies) for (const file of files) await orthanc.add(file);
  return orthanc;
}

const applied = (dicomweb: string, out: string, ...more: string[]) => [
  ...['cohort', 'apply', task, '--dicomweb', dicomweb, '--out', place(out), '--store'],
  ...['--query', 'StudyDescription=*abdomen*', '--modality', 'CT', '--cache', place('cache')],
  ...more,
];

interface Report {
  counts: Record<string, number>;
  rows: {
    study: string;
    state: string;
    reason: string | null;
    volume_ml: number | null;
    slices: number;
    embeddings_from_cache: number;
    seg_series: string;
    notes: string[];
  }[];
}

const reportIn = (out: string) =>
  JSON.parse(readFileSync(path.join(place(out), 'report.json'), 'utf8')) as Report;

const segs = (orthanc: Orthanc) => orthanc.find('Series', { Modality: 'SEG' });
const instances = (orthanc: Orthanc) => orthanc.find('Instance', { Modality: 'SEG' });

/** Nothing that names a patient, and no password, is in any file of a folder. */
function expectNoSecrets(out: string, ...outputs: string[]) {
  const files = readdirSync(place(out), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.dcm'))
    .map(entry => readFileSync(path.join(entry.parentPath, entry.name), 'latin1'));
  expect(files.length).toBeGreaterThan(3);
  for (const text of [...files, ...outputs]) {
    for (const secret of [SECRET, ...Object.values(PASSWORDS)]) expect(text).not.toContain(secret);
  }
}

(lacking ? describe.skip : describe)(
  `a cohort on this machine${lacking ? ` (skipped: ${lacking})` : ''}`,
  () => {
    let orthanc: Orthanc;
    let archive: CountedArchive;
    beforeAll(async () => {
      orthanc = await archiveOfTwelve();
      archive = await CountedArchive.to(orthanc.port);
    }, 60_000);
    afterAll(async () => {
      archive?.remove();
      await orthanc?.remove();
    });

    it('stores each study once, killed in the middle, and says what it did not segment', async () => {
      const first = new Command(applied(archive.dicomWeb, 'embedded'), ENV);
      await until('two are stored', async () => (await segs(orthanc)).length >= 2, 200);
      await first.end('SIGKILL');
      expect((await segs(orthanc)).length).toBeLessThan(9);

      const second = new Command(applied(archive.dicomWeb, 'embedded'), ENV);
      // One failed.
      expect(await second.ended).toBe(1);
      const { counts, rows } = reportIn('embedded');
      expect(counts).toEqual({ stored: 9, 'passed-over': 2, failed: 1 });
      const reasons = rows.filter(({ state }) => state !== 'stored').map(({ reason }) => reason);
      expect(reasons.sort()).toEqual([
        expect.stringMatching(/^No series suits the task: CT coronal slices 5 mm apart/),
        'No series suits the task: MR, not CT.',
        expect.stringMatching(/^The series: image-00005\.dcm cannot be read: .*cut off/),
      ]);
      const stored = rows.filter(({ state }) => state === 'stored');
      // 9 mm radius, 5 slices of 3 mm.
      for (const { volume_ml } of stored) expect(volume_ml! / 3.82).toBeCloseTo(1, 0.9);
      expect(await segs(orthanc)).toHaveLength(9);
      expect(await instances(orthanc)).toHaveLength(9);
      for (const { study, seg_series } of stored) {
        const query = { StudyInstanceUID: study, SeriesInstanceUID: seg_series };
        expect(await orthanc.find('Series', query)).toHaveLength(1);
      }
      expect(readdirSync(place('embedded')).sort()).toEqual([
        'cohort.sqlite',
        'report.csv',
        'report.html',
        'report.json',
      ]);
      expectNoSecrets('embedded', first.output, second.output);

      archive.posts = 0;
      const third = new Command(applied(archive.dicomWeb, 'embedded'), ENV);
      await third.ended;
      expect(third.output).toContain('12 studies found, 0 new');
      expect(archive.posts).toBe(0);
      expect(reportIn('embedded').counts).toEqual(counts);

      // Without its state, the archive is asked.
      const other = new Command(
        applied(archive.dicomWeb, 'other', '--query', `StudyInstanceUID=${studies[0].uid}`),
        ENV,
      );
      expect(await other.ended).toBe(0);
      expect(reportIn('other').rows).toMatchObject([
        {
          state: 'stored',
          seg_series: stored.find(({ study }) => study === studies[0].uid)!.seg_series,
          notes: ['The archive already had this segmentation.'],
        },
      ]);
      expect(archive.posts).toBe(0);
    }, 600_000);

    it('segments a folder, each slice encoded once for two tasks; Ctrl-C leaves all clean', async () => {
      const { renameTask } = await import('../../engine/src/finetune/taskFile');
      const { writeFileSync, mkdirSync } = await import('node:fs');
      const second = place('Second.task');
      writeFileSync(second, renameTask(readFileSync(task), 'Second'));
      const source = place('source');
      for (const number of [0, 1]) {
        mkdirSync(path.join(source, String(number)), { recursive: true });
        phantomStudy(number, { variant: number }).files.forEach((file, i) =>
          writeFileSync(path.join(source, String(number), `${i}`), file),
        );
      }
      const args = ['cohort', 'apply', task, second, '--folder', source, '--out', place('files')];
      const stopped = new Command([...args, '--modality', 'CT'], ENV);
      await until(
        'it computes',
        () => stopped.output.includes('Computes with') || !stopped.isRunning,
      );
      expect(await stopped.end('SIGINT')).toBe(130);
      expect(readdirSync(place('files')).filter(name => name.startsWith('.work'))).toEqual([]);
      expect(stopped.output).toContain('Run the same command to continue.');

      const command = new Command([...args, '--modality', 'CT'], ENV);
      expect(await command.ended).toBe(0);
      const { counts, rows } = reportIn('files');
      expect(counts).toEqual({ written: 4 });
      for (const { uid } of studies.slice(0, 2)) {
        const [one, two] = rows
          .filter(({ study }) => study === uid)
          .sort((a, b) => a.embeddings_from_cache - b.embeddings_from_cache);
        // The phantom's slices are alike.
        expect([one.embeddings_from_cache, two.embeddings_from_cache]).toEqual([4, 5]);
      }
      expect(readdirSync(path.join(place('files'), 'segmentations'))).toHaveLength(4);
    }, 600_000);
  },
);

(lackingRedis ? describe.skip : describe)(
  `a cohort of many machines${lackingRedis ? ` (skipped: ${lackingRedis})` : ''}`,
  () => {
    let orthanc: Orthanc;
    let redis: RedisServer;
    const running: Command[] = [];
    /** Each on a host of its own, where this machine lets us make hosts; else all here. */
    const network = lackingRedis
      ? null
      : Network.ifAllowed('archive', 'queue', 'one', 'two', 'producer');
    const host = (name: string) => network?.host(name);
    /** @param on the host to run on */
    const start = (args: string[], on?: Place) => {
      const command = new Command(args, ENV, on?.prefix);
      running.push(command);
      return command;
    };
    const startWorker = (name: string, url = redis.url) =>
      start(
        ['worker', '--queue', url, '--concurrency', '1', '--cache', place('cache')],
        host(name),
      );

    beforeAll(async () => {
      orthanc = await archiveOfTwelve(host('archive'));
      redis = await RedisServer.startOn(
        host('queue') ?? HERE,
        ...['--appendonly', 'yes', '--appendfsync', 'always'],
        ...['--requirepass', PASSWORDS.queue],
      );
      process.env.REDIS_PASSWORD = PASSWORDS.queue;
    }, 60_000);
    afterAll(async () => {
      delete process.env.REDIS_PASSWORD;
      for (const command of running) if (command.isRunning) await command.end('SIGKILL');
      await redis?.remove();
      await orthanc?.remove();
      network?.remove();
    });

    async function withQueue<T>(callback: (queue: StudyQueue) => Promise<T>): Promise<T> {
      const client = await connectRedis(redis.url);
      const queue = await openQueue(client);
      try {
        return await callback(queue);
      } finally {
        await queue.close();
        client.disconnect();
      }
    }

    const active = () => withQueue(queue => queue.getActiveCount());

    it('stores each study once: worker killed, queue restarted, network cut for 30 s', async () => {
      const cable = network ? null : await Cable.to(redis.port);
      const one = startWorker('one');
      const two = startWorker('two', cable?.url);
      for (const { output } of [one, two]) expect(output).not.toContain('Error');
      const producer = start(
        applied(orthanc.dicomWeb, 'queued', '--queue', redis.url),
        host('producer'),
      );

      await until('both work', async () => (await active()) >= 2);
      await one.end('SIGKILL');
      const three = startWorker('one');
      await until('one is stored', async () => (await segs(orthanc)).length >= 1, 200);
      await redis.kill();
      await redis.restart();
      const link = cable ?? network!.host('two');
      link.cut();
      await new Promise(resolve => setTimeout(resolve, 30_000));
      link.mend();

      expect(await producer.ended).toBe(1);
      expect(reportIn('queued').counts).toEqual({ stored: 9, 'passed-over': 2, failed: 1 });
      expect(await segs(orthanc)).toHaveLength(9);
      expect(await instances(orthanc)).toHaveLength(9);
      const owners = await Promise.all(
        (await segs(orthanc)).map(async id => {
          const answer = await orthanc.rest('GET', `/series/${id}`);
          return ((await answer.json()) as { ParentStudy: string }).ParentStudy;
        }),
      );
      expect(new Set(owners).size).toBe(9);
      expectNoSecrets('queued', producer.output, one.output, two.output, three.output);
      cable?.remove();

      // Ctrl-C ends a worker soon, and cleanly.
      expect(await three.end('SIGINT')).toBe(0);
      await two.end('SIGINT');
    }, 600_000);

    it('keeps UIDs only, and no password, in Redis', async () => {
      const client = await connectRedis(redis.url);
      const texts: string[] = [];
      for (const key of await client.keys('*')) {
        if (key.startsWith('fewshot-sam:task:')) continue;
        const type = await client.type(key);
        const content = {
          hash: () => client.hgetall(key),
          string: () => client.get(key),
          zset: () => client.call('zrange', key, '0', '-1'),
          list: () => client.lrange(key, '0', '-1'),
          stream: () => client.xrange(key, '-', '+'),
          set: () => client.smembers(key),
        }[type as 'hash']();
        texts.push(JSON.stringify(await content));
      }
      client.disconnect();
      expect(texts.length).toBeGreaterThan(12);
      for (const text of texts) {
        for (const secret of [SECRET, ...Object.values(PASSWORDS)])
          expect(text).not.toContain(secret);
      }
      await withQueue(async queue => {
        const [job] = await queue.getJobs(['completed'], 0, 0);
        expect(Object.keys(job.data as object).sort()).toEqual(['cohort', 'study']);
      });
    });

    it('segments a failed study again only when it is asked to', async () => {
      const broken = studies[11];
      const id = await withQueue(async queue => {
        const [job] = await queue.getJobs(['failed'], 0, 0);
        return job.id!;
      });
      const finishedOn = () => withQueue(async queue => (await queue.getJob(id))?.finishedOn ?? 0);
      const before = await finishedOn();
      // Adding it again does nothing.
      const again = start(applied(orthanc.dicomWeb, 'queued', '--queue', redis.url));
      expect(await again.ended).toBe(1);
      expect(await finishedOn()).toBe(before);
      expect(id).toBe(jobId(id.split('_')[0], broken.uid));

      const query = { StudyInstanceUID: broken.uid };
      const [study] = await orthanc.find('Study', query);
      await orthanc.rest('DELETE', `/studies/${study}`);
      for (const file of phantomStudy(11).files) await orthanc.add(file);
      const worker = startWorker('one');
      const retry = start(['cohort', 'retry', '--out', place('queued'), '--queue', redis.url]);
      expect(await retry.ended).toBe(0);
      expect(reportIn('queued').counts).toEqual({ stored: 10, 'passed-over': 2 });
      await worker.end('SIGINT');
    }, 300_000);

    it('takes no study without a model', async () => {
      const worker = start(['worker', '--queue', redis.url, '--model', place('no-model')]);
      expect(await worker.ended).toBe(1);
      expect(worker.output).toMatch(/No study can be segmented: .*model/);
      expect(worker.output).not.toContain('Takes studies');
    }, 120_000);

    it('takes back studies that wait', async () => {
      const detached = start(
        applied(
          orthanc.dicomWeb,
          'cancelled',
          '--queue',
          redis.url,
          '--detach',
          '--min-slices',
          '4',
        ),
      );
      expect(await detached.ended).toBe(0);
      expect(reportIn('cancelled').counts).toEqual({ waiting: 12 });
      const cancel = start(['cohort', 'cancel', '--out', place('cancelled'), '--queue', redis.url]);
      expect(await cancel.ended).toBe(0);
      expect(cancel.output).toContain('12 studies taken back');
      expect(reportIn('cancelled').counts).toEqual({ cancelled: 12 });
      await withQueue(async queue => expect(await queue.getWaitingCount()).toBe(0));
    }, 120_000);

    it('refuses a Redis that drops jobs, notes one that forgets them, and never shows its password', async () => {
      const lossy = await RedisServer.start(
        ...['--maxmemory', '100mb', '--maxmemory-policy', 'allkeys-lru'],
        ...['--requirepass', PASSWORDS.queue],
      );
      const forgetful = await RedisServer.start('--requirepass', PASSWORDS.queue, '--save', '');
      try {
        const refused = new Command(['worker', '--queue', lossy.url], ENV);
        expect(await refused.ended).toBe(1);
        expect(refused.output).toContain('eviction policy allkeys-lru');
        const noted = new Command(['worker', '--queue', forgetful.url], ENV);
        await until('it is noted', () => noted.output.includes('append-only'));
        await until('it takes studies', () => noted.output.includes('Takes studies'));
        expect(await noted.end('SIGTERM')).toBe(0);
        const wrong = { ...ENV, REDIS_PASSWORD: `${PASSWORDS.queue}-wrong` };
        const rejected = new Command(['worker', '--queue', lossy.url], wrong);
        expect(await rejected.ended).toBe(1);
        expect(rejected.output).toMatch(/Redis does not let this program in/);
        for (const { output } of [refused, noted, rejected]) {
          expect(output).not.toContain(PASSWORDS.queue);
        }
      } finally {
        await lossy.remove();
        await forgetful.remove();
      }
    }, 120_000);
  },
);
