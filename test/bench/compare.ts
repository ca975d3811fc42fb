/**
 * `npm run bench:compare -- --before FOLDER [--jobs liver,bone,100,500,task] [--rounds 3]`: runs the same
 * jobs with the plug-in of this checkout and that of another one, which must be set up and built, in turn,
 * in Chromium, without caches. `liver` and `bone` are cases of the development suite, numbers are slices of
 * a synthetic CT, `task` is learned from five slices and applied to 100. Prints seconds, their ratio, how
 * well the masks agree, and the peak memory of the page.
 */
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readStudy } from '../../cli/src/commands/benchTask';
import { machineText } from '../../cli/src/commands/machine';
import { prepareJob } from '../../cli/src/commands/prepareJob';
import { countOverlap, iou } from '../../engine/src/image/overlap';
import { planeOf } from '../../engine/src/geometry/plane';
import { startSiteOf } from '../browser/site';
import { CHROMIUM } from '../chromium';
import { pageMemory } from './chromiumMemory';
import type { ComparedJob, ComparedRun, PlainJob } from './comparePage';
import { casesWithin, ROOT } from './devSuite';

const CASES: Record<string, string> = { liver: 'ct2/liver/5', bone: 'ct1/lumbar_spine/5' };

function jobOf(name: string): Promise<ComparedJob> | ComparedJob {
  if (name in CASES) return volumeJob(CASES[name]);
  if (name === 'task') return { kind: 'task', slices: 100 };
  const slices = Number(name);
  if (Number.isInteger(slices) && slices > 5) return { kind: 'synthetic', slices };
  throw new Error(
    `--jobs ${name}: give ${Object.keys(CASES).join(', ')}, task or a number of slices`,
  );
}

const textOf = (values: ArrayBufferView) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

async function volumeJob(name: string): Promise<PlainJob> {
  const one = (await casesWithin()).find(({ id }) => id === name)!;
  const { image, labels } = await readStudy(one.learn);
  const job = await prepareJob(image, labels, planeOf(image, one.axis), one);
  const [{ rows, columns, rowSpacing, columnSpacing }] = job.slices;
  return {
    kind: 'volume',
    ...{ rows, columns, spacingMm: [rowSpacing, columnSpacing] },
    window: [job.window.low, job.window.high],
    sliceSpacing: job.sliceSpacing!,
    pixels: job.slices.map(({ pixels }) => textOf(Int16Array.from(pixels))),
    labels: [...job.labels].map(([index, mask]) => [index, textOf(mask)]),
  };
}

interface Measured extends ComparedRun {
  peakBytes: number;
}

const LOOK_MS = 1000;

/** Runs a job in a fresh browser. */
async function run(checkout: string, job: ComparedJob): Promise<Measured> {
  const client = path.join(checkout, 'extensions/fewshot-sam/src/worker/client.ts');
  const { outputFiles } = await build({
    entryPoints: [path.join(ROOT, 'test/bench/comparePage.ts')],
    plugins: [
      {
        name: 'client of the checkout',
        setup: ({ onResolve }) =>
          onResolve({ filter: /worker\/client$/ }, () => ({ path: client })),
      },
    ],
    bundle: true,
    format: 'iife',
    write: false,
  });
  const site = await startSiteOf(checkout);
  const server = await chromium.launchServer({
    executablePath: CHROMIUM,
    args: ['--no-sandbox'],
  });
  let peakBytes = 0;
  const look = setInterval(async () => {
    peakBytes = Math.max(peakBytes, (await pageMemory(server.process().pid!, 'now')) ?? 0);
  }, LOOK_MS);
  try {
    const browser = await chromium.connect(server.wsEndpoint());
    const page = await browser.newPage({ bypassCSP: true });
    page.setDefaultTimeout(0);
    await page.goto(`${site.url}/plugins/fewshot/models/mobile-sam/manifest.json`);
    await page.addScriptTag({ content: outputFiles[0].text });
    const compared = await page.evaluate(asked => window.compareJob(asked), job);
    return { ...compared, peakBytes };
  } finally {
    clearInterval(look);
    await server.close();
    await site.stop();
  }
}

function agreement(a: ComparedRun, b: ComparedRun): number {
  const others = new Map(b.masks);
  const join = (texts: string[]) => Buffer.concat(texts.map(text => Buffer.from(text, 'base64')));
  const mine = join(a.masks.map(([, text]) => text));
  const theirs = join(a.masks.map(([index]) => others.get(index)!));
  return iou(countOverlap(mine, theirs));
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1];
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;

const { values } = parseArgs({
  options: {
    before: { type: 'string' },
    jobs: { type: 'string', default: 'liver,bone,100,task' },
    rounds: { type: 'string', default: '3' },
  },
});
if (!values.before) throw new Error('--before FOLDER: another checkout, set up and built');
const before = path.resolve(values.before);
console.log(`${new Date().toISOString().slice(0, 10)}, ${machineText()}`);
for (const name of values.jobs.split(',')) {
  const job = await jobOf(name);
  const ratios: Record<string, number[]> = {};
  for (let round = 1; round <= Number(values.rounds); round++) {
    const old = await run(before, job);
    const now = await run(ROOT, job);
    const steps = Object.entries(now.seconds).map(([step, seconds]) => {
      (ratios[step] ??= []).push(old.seconds[step] / seconds);
      return `${step} ${old.seconds[step].toFixed(1)} -> ${seconds.toFixed(1)} s`;
    });
    console.log(
      `${name}, round ${round} (${now.device}): ${steps.join(', ')}, ${megabytes(old.peakBytes)} -> ${megabytes(now.peakBytes)}, IoU of the masks ${agreement(now, old).toFixed(5)}`,
    );
  }
  const medians = Object.entries(ratios).map(
    ([step, all]) => `${step} ${median(all).toFixed(2)} times as fast`,
  );
  console.log(`${name}, median: ${medians.join(', ')}`);
}
