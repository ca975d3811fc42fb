/** The part of bench:compare that runs in the page: one whole job with one build's own worker. */
// The bundler takes that of the checkout that is measured: see compare.ts.
import { WorkerClient } from '../../extensions/fewshot-sam/src/worker/client';

declare global {
  interface Window {
    compareJob(job: PlainJob): Promise<ComparedRun>;
  }
}

/** What goes into the page: text, because that is what can. */
export interface PlainJob {
  rows: number;
  columns: number;
  spacingMm: [number, number];
  sliceSpacing: number;
  /** Base64 of 16-bit values, slice after slice. */
  pixels: string[];
  /** Slice index -> base64 of the mask. */
  labels: [number, string][];
}

export interface ComparedRun {
  device: string;
  /** From the press of the button on: loading the model, encoding, segmenting. */
  seconds: number;
  /** Slice index -> base64 of the mask. */
  masks: [number, string][];
}

const bytesOf = (text: string) => Uint8Array.from(atob(text), character => character.charCodeAt(0));

function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

window.compareJob = async plain => {
  const { rows, columns, spacingMm, sliceSpacing } = plain;
  const slices = plain.pixels.map((text, index) => ({
    pixels: Float32Array.from(new Int16Array(bytesOf(text).buffer)),
    ...{ rows, columns, rowSpacing: spacingMm[0], columnSpacing: spacingMm[1] },
    index,
    identity: `compared ${index}`,
  }));
  const labels = new Map(plain.labels.map(([index, text]) => [index, bytesOf(text)]));
  const targets = slices.map(({ index }) => index).filter(index => !labels.has(index));
  const assets = new URL('/plugins/fewshot/', location.href).href;
  const { signal } = new AbortController();
  const start = performance.now();
  const client = new WorkerClient(`${assets}worker.js`, {
    modelUrl: `${assets}models/mobile-sam/`,
    wasmUrl: `${assets}wasm/`,
    prefer: 'auto',
  });
  const { device } = await client.load(() => undefined, signal);
  const result = await client.propagate(
    'context',
    { slices, labels, targets, window: { kind: 'clip', low: -160, high: 240 }, sliceSpacing },
    () => undefined,
    signal,
  );
  const seconds = (performance.now() - start) / 1000;
  client.terminate();
  return { device, seconds, masks: result.slices.map(slice => [slice.index, textOf(slice.mask)]) };
};
