/**
 * `npm run bench:speed [-- --slices 20,100] [--in encoders,node,chromium,gpu]`: times our encoder against
 * ONNX Runtime's, the parts, and whole jobs of the default method on synthetic CT with this many slices, in
 * Node and in Chromium on this machine, and on its GPU in Node if it has one. Runs the command's engine and
 * the plug-in's own worker, without caches.
 */
import { chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { context } from '../../engine/src/context/context';
import { propagate } from '../../engine/src/finetune/propagate';
import { startSite } from '../browser/site';
import { CHROMIUM } from '../chromium';
import { sensibleThreads } from '../../engine/src/platform/threads';
import { kernelsInNode } from '../../engine/src/program/wasm/kernelsNode';
import { createImageEncoderNode } from '../../engine/src/sam/imageEncoderOnnxNode';
import { createImageEncoderWasm } from '../../engine/src/sam/imageEncoderWasm';
import { parseSafetensors } from '../../engine/src/sam/safetensors';
import { pageMemory } from './chromiumMemory';
import { ROOT, withLoadedModel } from './devSuite';
import { encoderFigures, type EncoderFigures } from './encoders';
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
  /** Memory in the middle of each quarter of the run; only measured in Chromium. */
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
    // Peak of the whole process so far, which is right because sizes ascend.
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
  /** Runs work in a fresh browser without caches. */
  const inPage = async <T>(work: (page: Page, browser: number) => Promise<T>): Promise<T> => {
    const server = await chromium.launchServer({
      executablePath: CHROMIUM,
      args: ['--no-sandbox'],
    });
    try {
      const connected = await chromium.connect(server.wsEndpoint());
      // Bypass the policy, because it does not allow our script.
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
          // Include samples, because the browser resets the peak now and then.
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

async function encodersInNode(): Promise<EncoderFigures[]> {
  const file = (name: string) => readFile(path.join(ROOT, 'public/models/mobile-sam', name));
  const [graph, weights] = [await file('encoder.onnx'), await file('encoder.safetensors')];
  const threads = sensibleThreads(os.availableParallelism());
  const kernels = await kernelsInNode(path.join(ROOT, 'engine/dist'));
  const encoders = {
    'our kernels': await createImageEncoderWasm(
      parseSafetensors(weights).weights,
      kernels,
      threads,
    ),
    'ONNX Runtime, native': await createImageEncoderNode(graph, weights, threads),
  };
  const figures = await encoderFigures(encoders);
  for (const encoder of Object.values(encoders)) await encoder.dispose();
  return figures;
}

async function encodersInChromium(): Promise<EncoderFigures[]> {
  const { outputFiles } = await build({
    entryPoints: ['test/bench/encoderWorker.ts'],
    bundle: true,
    format: 'esm',
    write: false,
  });
  const site = await startSite();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ bypassCSP: true });
    page.setDefaultTimeout(0);
    await page.goto(`${site.url}/plugins/fewshot/models/mobile-sam/manifest.json`);
    return await page.evaluate(
      ([script, assets]) =>
        new Promise<EncoderFigures[]>((resolve, reject) => {
          const url = URL.createObjectURL(new Blob([script], { type: 'text/javascript' }));
          const worker = new Worker(url, { type: 'module' });
          worker.onmessage = ({ data }) =>
            data.error ? reject(new Error(data.error)) : resolve(data.figures);
          worker.postMessage(assets);
        }),
      [outputFiles[0].text, `${site.url}/plugins/fewshot/`],
    );
  } finally {
    await browser.close();
    await site.stop();
  }
}

function printEncoders(where: string, [ours, other]: EncoderFigures[]): void {
  console.log(`\n${where}, encoding one slice: ${ours.name} against ${other.name}`);
  for (const [size, own] of Object.entries(ours.seconds)) {
    const others = other.seconds[Number(size)];
    console.log(
      `  ${size} x ${size}: ${seconds(own)} against ${seconds(others)}, ${(others / own).toFixed(2)} times as fast`,
    );
  }
}

/** Of slices that are final, and of others. */
const told = (tell: (isPreview: boolean) => void) => ({
  onSlices: () => tell(false),
  onPreview: () => tell(true),
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
      `  ${slices} slices, 5 labeled: first look ${seconds(firstLook)}, first result ${seconds(firstResult)}, whole ${seconds(whole)} (encoding ${seconds(encode)}), peak memory ${megabytes(peakBytes)}${during}`,
    );
  }
}

const { values } = parseArgs({
  options: {
    slices: { type: 'string', default: '20,100' },
    in: { type: 'string', default: 'encoders,node,chromium,gpu' },
  },
});
const isWanted = (where: 'encoders' | 'node' | 'chromium' | 'gpu') =>
  values.in.split(',').includes(where);
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
if (isWanted('encoders')) {
  printEncoders(`Node ${process.versions.node}`, await encodersInNode());
  printEncoders('Chromium', await encodersInChromium());
}
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
