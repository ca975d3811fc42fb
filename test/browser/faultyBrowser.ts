import type { Page, Worker } from '@playwright/test';

/** Our worker, not its threads nor the viewer's workers. */
export function isOurs(worker: Worker): boolean {
  return worker.url().endsWith('/plugins/fewshot/worker.js');
}

/** Does something in each worker of ours as it starts, long before the model is loaded. @returns ends it */
export function inEachWorker(page: Page, work: () => void): () => void {
  const onWorker = (worker: Worker) => {
    // One that ends at once does not matter.
    if (isOurs(worker)) void worker.evaluate(work).catch(() => undefined);
  };
  page.on('worker', onWorker);
  return () => void page.off('worker', onWorker);
}

/** Workers of ours that live: each holds a lock as long as it does. */
export function liveWorkers(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const { held } = await navigator.locks.query();
    return held!.filter(({ name }) => name!.startsWith('fewshot-sam-worker')).length;
  });
}

/** Errors of our scripts that nobody caught, from now on. */
export function uncaughtErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', error => {
    const text = `${error.message}\n${error.stack ?? ''}`;
    if (text.includes('/plugins/fewshot/')) errors.push(text);
  });
  return errors;
}

/** A browser with no origin private file system, as Firefox has it in private windows. Runs in any scope. */
export function withoutFileSystem(): void {
  StorageManager.prototype.getDirectory = () =>
    Promise.reject(new DOMException('Security error when calling GetDirectory', 'SecurityError'));
}

/** No memory of WebAssembly can be had. Runs in a worker. */
export function withoutMemory(): void {
  WebAssembly.Memory = function () {
    throw new RangeError('WebAssembly.Memory(): could not allocate memory');
  } as unknown as typeof WebAssembly.Memory;
}

declare global {
  /** Milliseconds by which the clocks of a page or worker are ahead: see `withClock`. */
  var clockAhead: number;
  /** Embeddings that a worker has written down: see `countKept`. */
  var embeddingsKept: number;
}

/** Clocks that can be moved on as by a night's sleep. Runs in any scope. */
export function withClock(): void {
  globalThis.clockAhead = 0;
  const now = performance.now.bind(performance);
  performance.now = () => now() + globalThis.clockAhead;
  const date = Date.now.bind(Date);
  Date.now = () => date() + globalThis.clockAhead;
}

/** Counts what is written to the file system; marks of use are a few bytes. Runs in a worker. */
export function countKept(): void {
  globalThis.embeddingsKept = 0;
  const handles = (
    globalThis as unknown as {
      FileSystemSyncAccessHandle: { prototype: { write(data: ArrayBufferView): number } };
    }
  ).FileSystemSyncAccessHandle;
  const { write } = handles.prototype;
  handles.prototype.write = function (data, ...rest: []) {
    if (data.byteLength > 1000) globalThis.embeddingsKept++;
    return write.call(this, data, ...rest);
  };
}
