import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Kernels, ThreadHandle } from './kernelMachine';
import { hasRelaxedSimd, kernelFileName } from './kernelFile';
import { READY, type ThreadSetup } from './threadMessages';

/**
 * Loads the kernels in Node.
 *
 * @param folder with the built kernels (see `kernelFileName`) and `fewshot-thread.mjs`
 */
export async function kernelsInNode(
  folder: string,
  relaxed: boolean = hasRelaxedSimd(),
): Promise<Kernels> {
  const compile = async (shared: boolean) =>
    WebAssembly.compile(await readFile(path.join(folder, kernelFileName({ shared, relaxed }))));
  return {
    single: await compile(false),
    shared: await compile(true),
    startThread: () => nodeThread(path.resolve(folder, 'fewshot-thread.mjs')),
  };
}

function nodeThread(script: string): ThreadHandle {
  const worker = new Worker(script);
  // An idle thread must not keep the process alive.
  worker.unref();
  return {
    start: (setup: ThreadSetup) =>
      new Promise((resolve, reject) => {
        worker.once('message', message => message === READY && resolve());
        worker.once('error', reject);
        worker.postMessage(setup);
      }),
    terminate: () => void worker.terminate(),
  };
}
