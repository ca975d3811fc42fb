/**
 * `npm run bench:speed`: seconds per slice to encode and seconds per training step, in Node and in
 * Chromium, on this machine. Runs the command's engine and the plug-in's own worker.
 */
import { chromium } from '@playwright/test';
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type { FewshotJob, FewshotResult } from 'fewshot-sam';
import { propagate } from '../../engine/src/fewshot/propagate';
import { selectBackend } from '../../engine/src/runtime/selectBackend';
import { createImageEncoderNode } from '../../engine/src/sam/imageEncoderOnnxNode';
import { loadManifest, loadModelFile } from '../../engine/src/sam/modelFiles';
import { readModelFolder } from '../../engine/src/sam/modelFilesNode';
import { parseSafetensors } from '../../engine/src/sam/safetensors';
import { startSite } from '../browser/site';
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

async function inNode(): Promise<Figures> {
  const read = readModelFolder(path.resolve('public/models/mobile-sam'));
  const manifest = await loadManifest(read);
  const encoder = await createImageEncoderNode(
    await loadModelFile(manifest, 'encoder', read),
    await loadModelFile(manifest, 'encoderWeights', read),
  );
  const { weights } = parseSafetensors(await loadModelFile(manifest, 'decoder', read));
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  const backend = await selectBackend({ prefer: 'wasm', wasmPath: path.dirname(wasm) });
  const job = benchJob();
  const parts = { encoder, weights, modelSha256: manifest.files.encoderWeights.sha256 };
  const result = await propagate(job, parts);
  await encoder.dispose();
  const device = `encoder ${encoder.device}, decoder ${backend.description}`;
  return figures(`Node ${process.versions.node}`, device, job, result);
}

async function inChromium(): Promise<Figures> {
  const executablePath = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find(
    file => file && existsSync(file),
  );
  const { outputFiles } = await build({
    entryPoints: ['test/bench/page.ts'],
    bundle: true,
    format: 'iife',
    write: false,
  });
  const site = await startSite();
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
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
