import { sha256Hex } from '../../cache/sha256';
import { FewshotError } from '../../errors';
import { hasRelaxedSimd, kernelFileName } from './kernelFile';
import type { Kernels, ThreadHandle } from './kernelMachine';
import { READY, type ThreadSetup } from './threadMessages';

/** File name -> SHA-256 of what the build put beside the plug-in. */
export type KernelHashes = Readonly<Record<string, string>>;

/**
 * The kernels in a browser's worker.
 *
 * @param folder absolute URL, ending in a slash, of the kernels (see `kernelFileName`) and
 *   `fewshot-thread.js`
 * @throws FewshotError `backend-unusable` when a file is missing, altered or not allowed to run
 */
export async function kernelsInBrowser(folder: string, hashes: KernelHashes): Promise<Kernels> {
  const shares = globalThis.crossOriginIsolated === true;
  const relaxed = hasRelaxedSimd();
  const load = (shared: boolean) => {
    const name = kernelFileName({ shared, relaxed });
    return compile(new URL(name, folder), hashes[name]);
  };
  return {
    single: await load(false),
    shared: shares ? await load(true) : null,
    startThread: () => browserThread(new URL('fewshot-thread.js', folder)),
  };
}

async function compile(url: URL, hash: string): Promise<WebAssembly.Module> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if ((await sha256Hex(bytes)) !== hash) throw new Error('it is not the file of this version');
    return await WebAssembly.compile(bytes as BufferSource);
  } catch (error) {
    throw new FewshotError(
      'backend-unusable',
      `${url.pathname} could not be used: ${error instanceof Error ? error.message : String(error)}.`,
      'Copy the whole plug-in folder to the web server again, and check that its Content-Security-Policy allows WebAssembly.',
      { cause: error },
    );
  }
}

function browserThread(script: URL): ThreadHandle {
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
