/**
 * `npm run bench:compare -- --before FOLDER`: the same job (the liver of a CT, 5 of 20 slices outlined,
 * default method) with the plug-in of this checkout and with that of another one, which has been set up
 * and built; in turn, in Chromium, nothing known from before. Prints seconds, their ratio, and how far
 * the masks agree.
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
import type { ComparedRun, PlainJob } from './comparePage';
import { casesWithin, ROOT } from './devSuite';

const CASE = 'ct2/liver/5';

const textOf = (values: ArrayBufferView) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

async function plainJob(): Promise<PlainJob> {
  const one = (await casesWithin()).find(({ id }) => id === CASE)!;
  const { image, labels } = await readStudy(one.learn);
  const job = await prepareJob(image, labels, planeOf(image, one.axis), one);
  const [{ rows, columns, rowSpacing, columnSpacing }] = job.slices;
  return {
    ...{ rows, columns, spacingMm: [rowSpacing, columnSpacing] },
    sliceSpacing: job.sliceSpacing!,
    pixels: job.slices.map(({ pixels }) => textOf(Int16Array.from(pixels))),
    labels: [...job.labels].map(([index, mask]) => [index, textOf(mask)]),
  };
}

/** One run in a browser of its own. */
async function run(checkout: string, job: PlainJob): Promise<ComparedRun> {
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
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ bypassCSP: true });
    page.setDefaultTimeout(0);
    await page.goto(`${site.url}/plugins/fewshot/models/mobile-sam/manifest.json`);
    await page.addScriptTag({ content: outputFiles[0].text });
    return await page.evaluate(plain => window.compareJob(plain), job);
  } finally {
    await browser.close();
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

const { values } = parseArgs({
  options: { before: { type: 'string' }, rounds: { type: 'string', default: '2' } },
});
if (!values.before) throw new Error('--before FOLDER: another checkout, set up and built');
const before = path.resolve(values.before);
const job = await plainJob();
console.log(`${new Date().toISOString().slice(0, 10)}, ${machineText()}, ${CASE}`);
const ratios: number[] = [];
for (let round = 1; round <= Number(values.rounds); round++) {
  const old = await run(before, job);
  const now = await run(ROOT, job);
  ratios.push(old.seconds / now.seconds);
  console.log(
    `${round}: before ${old.seconds.toFixed(1)} s (${old.device}), now ${now.seconds.toFixed(1)} s (${now.device}), ${ratios.at(-1)!.toFixed(2)} times as fast, IoU of the masks ${agreement(now, old).toFixed(5)}`,
  );
}
