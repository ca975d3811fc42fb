import { FewshotError } from '../../platform/errors';
import type { PluginFiles } from '../../platform/pluginFiles';
import { hasRelaxedSimd, kernelFileName } from './kernelFile';
import type { Kernels, ThreadHandle } from './kernelMachine';
import { READY, type ThreadSetup } from './threadMessages';

/**
 * Loads the kernels in a browser's worker.
 *
 * @param files with the kernels (see `kernelFileName`) and `fewshot-thread.js`
 * @throws FewshotError `plugin-altered`, or `backend-unusable` when a file is missing or not allowed to
 *   run
 */
export async function kernelsInBrowser(files: PluginFiles): Promise<Kernels> {
  const relaxed = hasRelaxedSimd();
  const single = await compile(files, kernelFileName({ shared: false, relaxed }));
  if (globalThis.crossOriginIsolated !== true) {
    return { single, shared: null, startThread: unshared };
  }
  const shared = await compile(files, kernelFileName({ shared: true, relaxed }));
  const script = await files.url('fewshot-thread.js');
  return { single, shared, startThread: () => browserThread(script) };
}

async function compile(files: PluginFiles, name: string): Promise<WebAssembly.Module> {
  const bytes = await files.bytes(name);
  try {
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (error) {
    throw new FewshotError(
      'backend-unusable',
      `${name} could not be compiled: ${error instanceof Error ? error.message : String(error)}.`,
      'Check that the Content-Security-Policy of the web server allows WebAssembly.',
      { cause: error },
    );
  }
}

function unshared(): never {
  throw new Error('Threads need a cross-origin isolated page.');
}

function browserThread(script: string): ThreadHandle {
  const worker = new Worker(script, { type: 'module', name: 'fewshot-sam-thread' });
  return {
    start: (setup: ThreadSetup) =>
      new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => data === READY && resolve();
        worker.onerror = event => {
          event.preventDefault();
          reject(new Error(event.message || 'a thread could not be started'));
        };
        worker.postMessage(setup);
      }),
    terminate: () => worker.terminate(),
  };
}
