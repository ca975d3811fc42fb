/**
 * `npm run bench:speed`: seconds per slice to encode and seconds per training step, in Node and in
 * Chromium, on this machine. Runs the command's engine and the plug-in's own worker.
 */
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import os from 'node:os';
import type { FewshotJob, FewshotResult } from 'fewshot-sam';
import { propagate } from '../../engine/src/fewshot/propagate';
import { startSite } from '../browser/site';
import { CHROMIUM } from '../chromium';
import { withLoadedModel } from './devSuite';
import { benchJob } from './job';

interface Figures {
  where: string;
  device: string;
  encode: number;
  step: number;
  segment: number;
}

function figures(where: string, device: string, job: FewshotJob, result: FewshotResult): Figures {
  return {
    where,
    device,
    encode: result.seconds.encode / job.slices.length,
    step: result.seconds.fit / result.iterations,
    segment: result.seconds.propagate / result.slices.length,
  };
}

function inNode(): Promise<Figures> {
  return withLoadedModel(async ({ parts, backend }) => {
    const job = benchJob();
    const { device } = parts.encoder;
    // As if no slice had been seen before.
    const result = await propagate(job, { ...parts, cache: undefined });
    return figures(
      `Node ${process.versions.node}`,
      `encoder ${device}, decoder ${backend}`,
      job,
      result,
    );
  });
}

async function inChromium(): Promise<Figures> {
  const { outputFiles } = await build({
    entryPoints: ['test/bench/page.ts'],
    bundle: true,
    format: 'iife',
    write: false,
  });
  const site = await startSite();
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(`${site.url}/plugins/fewshot/models/mobile-sam/manifest.json`);
    await page.addScriptTag({ content: outputFiles[0].text });
    const { device, result } = await page.evaluate(() => window.runBench());
    return figures(`Chromium ${browser.version()}`, device, benchJob(), result);
  } finally {
    await browser.close();
    await site.stop();
  }
}

const rows = [await inNode(), await inChromium()];
const [cpu] = os.cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores (${cpu.model}), ${Math.round(os.totalmem() / 2 ** 30)} GB`,
);
for (const { where, device, encode, step, segment } of rows) {
  console.log(
    `${where} (${device}): encode ${encode.toFixed(2)} s per slice, train ${step.toFixed(2)} s per step, segment ${segment.toFixed(2)} s per slice`,
  );
}
