/** The part of the benchmark that runs in the page: drives the plug-in's own worker. */
import type { FewshotResult } from 'fewshot-sam';
import { WorkerClient } from '../../extensions/fewshot-sam/src/worker/client';
import { benchJob } from './job';

declare global {
  interface Window {
    runBench(): Promise<{ device: string; result: FewshotResult }>;
  }
}

window.runBench = async () => {
  const assets = new URL('/plugins/fewshot/', location.href).href;
  const client = new WorkerClient(`${assets}worker.js`, {
    modelUrl: `${assets}models/mobile-sam/`,
    wasmUrl: `${assets}wasm/`,
    prefer: 'auto',
  });
  const { signal } = new AbortController();
  const { device } = await client.load(() => undefined, signal);
  const result = await client.propagate('paper', benchJob(), () => undefined, signal);
  client.terminate();
  return {
    device,
    result: {
      ...result,
      slices: result.slices.map(({ index }) => ({
        index,
        mask: new Uint8Array(),
        probability: () => new Float32Array(),
      })),
    },
  };
};
