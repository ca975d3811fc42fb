/** The part of the benchmark that runs in the page: drives the plug-in's own worker. */
import { WorkerClient } from '../../extensions/fewshot-sam/src/worker/client';
import { trainingJob } from './job';
import {
  seriesFigures,
  trainingFigures,
  type SeriesFigures,
  type TrainingFigures,
} from './figures';

declare global {
  interface Window {
    benchTraining(): Promise<{ device: string; figures: TrainingFigures }>;
    benchSeries(slices: number): Promise<SeriesFigures>;
  }
}

const { signal } = new AbortController();
const nothing = () => undefined;

function newClient(): WorkerClient {
  const assets = new URL('/plugins/fewshot/', location.href).href;
  return new WorkerClient(`${assets}worker.js`, {
    modelUrl: `${assets}models/mobile-sam/`,
    wasmUrl: `${assets}wasm/`,
    prefer: 'auto',
  });
}

window.benchTraining = async () => {
  const client = newClient();
  const { device } = await client.load(nothing, signal);
  const job = trainingJob();
  const figures = trainingFigures(job, await client.propagate('paper', job, nothing, signal));
  client.terminate();
  return { device, figures };
};

window.benchSeries = async slices => {
  const client = newClient();
  const figures = await seriesFigures(slices, async (job, onSlices) => {
    await client.load(nothing, signal);
    return client.propagate('context', job, nothing, signal, (_, isPreview) => onSlices(isPreview));
  });
  client.terminate();
  return figures;
};
