/** The part of bench:compare that runs in the page: one whole job with the worker of one build. */
// The bundler replaces it by that of the measured checkout: see compare.ts.
import { WorkerClient } from '../../extensions/fewshot-sam/src/worker/client';
import type { FewshotJob } from 'fewshot-sam';
import { seriesJob } from './job';

declare global {
  interface Window {
    compareJob(job: ComparedJob): Promise<ComparedRun>;
  }
}

/** A job as text, to pass it into the page. */
export interface PlainJob {
  kind: 'volume';
  rows: number;
  columns: number;
  spacingMm: [number, number];
  sliceSpacing: number;
  window: [low: number, high: number];
  /** Base64 of 16-bit values, slice after slice. */
  pixels: string[];
  /** Slice index -> base64 of the mask. */
  labels: [number, string][];
}

export type ComparedJob =
  | PlainJob
  /** A synthetic CT with this many slices, five of them outlined. */
  | { kind: 'synthetic'; slices: number }
  /** A task learned from the five outlined slices of a synthetic CT, and applied to all of its slices. */
  | { kind: 'task'; slices: number };

export interface ComparedRun {
  device: string;
  /** From the press of the button, including loading the model; for a task, each step separately. */
  seconds: Record<string, number>;
  /** Slice index -> base64 of the mask. */
  masks: [number, string][];
}

const bytesOf = (text: string) => Uint8Array.from(atob(text), character => character.charCodeAt(0));

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function volumeJob(plain: PlainJob): FewshotJob {
  const { rows, columns, spacingMm, sliceSpacing } = plain;
  const [low, high] = plain.window;
  const slices = plain.pixels.map((text, index) => ({
    pixels: Float32Array.from(new Int16Array(bytesOf(text).buffer)),
    ...{ rows, columns, rowSpacing: spacingMm[0], columnSpacing: spacingMm[1] },
    index,
    identity: `compared ${index}`,
  }));
  const labels = new Map(plain.labels.map(([index, text]) => [index, bytesOf(text)]));
  const targets = slices.map(({ index }) => index).filter(index => !labels.has(index));
  return { slices, labels, targets, window: { kind: 'clip', low, high }, sliceSpacing };
}

const { signal } = new AbortController();
const nothing = () => undefined;

window.compareJob = async asked => {
  const assets = new URL('/plugins/fewshot/', location.href).href;
  const client = new WorkerClient(`${assets}worker.js`, {
    modelUrl: `${assets}models/mobile-sam/`,
    wasmUrl: `${assets}wasm/`,
    prefer: 'auto',
  });
  const seconds: Record<string, number> = {};
  let start = performance.now();
  const note = (step: string) => (seconds[step] ??= (performance.now() - start) / 1000);
  try {
    if (asked.kind === 'task') {
      const { device } = await client.load(nothing, signal);
      const { labels, slices, window, sliceSpacing } = seriesJob(asked.slices);
      const study = { slices: slices.filter(({ index }) => labels.has(index)), labels, window };
      start = performance.now();
      const { task } = await client.learn(
        { study: { ...study, axis: 'axial' }, settings: { name: 'disk' } },
        nothing,
        signal,
      );
      note('learn');
      const { slices: others } = seriesJob(asked.slices);
      start = performance.now();
      const request = { task, slices: others, window, sliceSpacing: sliceSpacing! };
      const found = await client.apply(request, nothing, signal);
      note('apply');
      return { device, seconds, masks: found.slices.map(one => [one.index, textOf(one.mask)]) };
    }
    const job = asked.kind === 'volume' ? volumeJob(asked) : seriesJob(asked.slices);
    start = performance.now();
    const { device } = await client.load(nothing, signal);
    const found = await client.propagate('context', job, nothing, signal, (_, isPreview) => {
      if (!isPreview) note('first result');
    });
    note('all');
    return { device, seconds, masks: found.slices.map(one => [one.index, textOf(one.mask)]) };
  } finally {
    client.terminate();
  }
};
