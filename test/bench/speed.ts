/**
 * `npm run bench:speed [-- --slices 20,100] [--in node,chromium,gpu]`: what the parts cost, and whole jobs of the default method
 * on synthetic CT of so many slices, in Node and in Chromium, on this machine; on its GPU in Node, if it
 * has one. Runs the command's engine and the plug-in's own worker; nothing is known of any slice before.
 */
import { chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { context } from '../../engine/src/context/context';
import { propagate } from '../../engine/src/finetune/propagate';
import { startSite } from '../browser/site';
import { CHROMIUM } from '../chromium';
import { pageMemory } from './chromiumMemory';
import { ROOT, withLoadedModel } from './devSuite';
import {
  seriesFigures,
  trainingFigures,
  type SeriesFigures,
  type TrainingFigures,
} from './figures';
import { trainingJob } from './job';
import { measureBackends } from './portable/measure';

interface Series extends SeriesFigures {
  peakBytes: number | null;
  /** In the middle of each quarter of the time; only where it is looked at from outside. */
  duringBytes?: number[];
}

const LOOK_MS = 1000;

interface Figures {
  where: string;
  device: string;
  training: TrainingFigures;
  series: Series[];
}

async function inNode(sizes: readonly number[]): Promise<Figures> {
  const { training, device } = await withLoadedModel(async ({ parts, backend }) => {
    const job = trainingJob();
    const result = await propagate(job, { ...parts, cache: undefined });
    const device = `encoder ${parts.encoder.device}, decoder ${backend}`;
    return { training: trainingFigures(job, result), device };
  });
  const series: Series[] = [];
  for (const size of sizes) {
    const figures = await seriesFigures(size, (job, onSlices) =>
      withLoadedModel(({ parts }) => context(job, { ...parts, cache: undefined }, told(onSlices))),
    );
    // Of the whole process so far: sizes ascend.
    series.push({ ...figures, peakBytes: process.resourceUsage().maxRSS * 1024 });
  }
  return { where: `Node ${process.versions.node}`, device, training, series };
}

async function inChromium(sizes: readonly number[]): Promise<Figures> {
  const { outputFiles } = await build({
    entryPoints: ['test/bench/page.ts'],
    bundle: true,
    format: 'iife',
    write: false,
  });
  const site = await startSite();
  /** A browser of its own for each, that keeps nothing. */
  const inPage = async <T>(work: (page: Page, browser: number) => Promise<T>): Promise<T> => {
    const server = await chromium.launchServer({
      executablePath: CHROMIUM,
      args: ['--no-sandbox'],
    });
    try {
      const connected = await chromium.connect(server.wsEndpoint());
      // Of our script in the page, which the server's policy does not know.
      const page = await connected.newPage({ bypassCSP: true });
      page.setDefaultTimeout(0);
      await page.goto(`${site.url}/plugins/fewshot/models/mobile-sam/manifest.json`);
      await page.addScriptTag({ content: outputFiles[0].text });
      return await work(page, server.process().pid!);
    } finally {
      await server.close();
    }
  };
  try {
    const { device, figures, version } = await inPage(async page => ({
      ...(await page.evaluate(() => window.benchTraining())),
      version: page.context().browser()!.version(),
    }));
    const series: Series[] = [];
    for (const size of sizes) {
      series.push(
        await inPage(async (page, browser) => {
          const held: number[] = [];
          const look = setInterval(async () => {
            const bytes = await pageMemory(browser, 'now');
            if (bytes) held.push(bytes);
          }, LOOK_MS);
          const figures = await page.evaluate(count => window.benchSeries(count), size);
          clearInterval(look);
          const duringBytes = [1, 3, 5, 7].map(i => held[Math.floor((i * held.length) / 8)]);
          // The browser itself sets the peak back now and then.
          const peak = await pageMemory(browser, 'peak');
          return { ...figures, duringBytes, peakBytes: peak && Math.max(peak, ...held) };
        }),
      );
    }
    return { where: `Chromium ${version}`, device, training: figures, series };
  } finally {
    await site.stop();
  }
}

/** Of slices that are final, and of others. */
const told = (tell: (isGlimpse: boolean) => void) => ({
  onSlices: () => tell(false),
  onGlimpse: () => tell(true),
});

const seconds = (value: number) => `${value.toFixed(value < 10 ? 2 : 0)} s`;
const megabytes = (bytes: number | null) =>
  bytes === null ? 'unknown' : `${Math.round(bytes / 2 ** 20)} MB`;

function print({ where, device, training, series }: Figures): void {
  console.log(`\n${where} (${device})`);
  const { encodePerSlice, step, segmentPerSlice } = training;
  console.log(
    `  encode ${seconds(encodePerSlice)} a slice, train ${seconds(step)} a step (two slices), segment ${seconds(segmentPerSlice)} a slice`,
  );
  for (const { slices, firstLook, firstResult, whole, encode, peakBytes, duringBytes } of series) {
    const during = duringBytes ? ` (over time ${duringBytes.map(megabytes).join(', ')})` : '';
    console.log(
      `  ${slices} slices, 5 labelled: first look ${seconds(firstLook)}, first result ${seconds(firstResult)}, whole ${seconds(whole)} (encoding ${seconds(encode)}), peak memory ${megabytes(peakBytes)}${during}`,
    );
  }
}

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '20,100' },
    in: { type: 'string', default: 'node,chromium,gpu' },
  },
});
const isWanted = (where: 'node' | 'chromium' | 'gpu') => values.in.split(',').includes(where);
const sizes = values.slices
  .split(',')
  .map(Number)
  .sort((a, b) => a - b);
if (sizes.some(size => !Number.isInteger(size) || size < 6)) {
  throw new Error(`--slices ${values.slices}: give whole numbers of at least 6, e.g. 20,100`);
}
const [cpu] = os.cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores (${cpu.model}), ${Math.round(os.totalmem() / 2 ** 30)} GB`,
);
if (isWanted('node')) print(await inNode(sizes));
if (isWanted('chromium')) print(await inChromium(sizes));
if (isWanted('gpu')) {
  console.log('');
  await measureBackends(
    {
      model: path.join(ROOT, 'public/models/mobile-sam'),
      kernels: path.join(ROOT, 'engine/dist'),
      onnxruntime: path.join(ROOT, 'dist/plugins/fewshot/wasm'),
    },
    { sizes, backends: ['webgpu'], software: false },
  );
}
// WebGPU keeps Node alive.
process.exit(0);
