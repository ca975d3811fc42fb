/** Shared by the benchmarks of this folder: the development suite and the model, in this process. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WithinCase } from '../../cli/src/bench/suite';
import { readSuite } from '../../cli/src/commands/bench';
import { withModel, type LoadedModel } from '../../cli/src/commands/withModel';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const SUITE = path.resolve(ROOT, '..', 'shared', 'suites', 'dev.json');
export const RESULTS = path.join(ROOT, 'test', 'bench', 'results');

/** Reads the cases within one study. */
export async function casesWithin(): Promise<WithinCase[]> {
  return (await readSuite(SUITE)).filter(one => one.kind === 'within');
}

export function withLoadedModel<T>(work: (model: LoadedModel) => Promise<T>): Promise<T> {
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  const machinery = {
    model: path.join(ROOT, 'public', 'models', 'mobile-sam'),
    wasmPath: path.dirname(wasm),
    kernels: path.join(ROOT, 'engine', 'dist'),
  };
  return withModel(machinery, () => undefined, new AbortController().signal, work);
}

export async function writeResult(name: string, content: string | Uint8Array): Promise<void> {
  await mkdir(RESULTS, { recursive: true });
  await writeFile(path.join(RESULTS, name), content);
}
