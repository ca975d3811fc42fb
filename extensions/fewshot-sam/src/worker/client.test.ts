import { WorkerClient } from './client';
import type { WorkerSetup } from './protocol';

/** A worker that never answers, as one that is still loading on a slow line. */
class SilentWorker {
  static made: SilentWorker[] = [];
  isEnded = false;

  constructor() {
    SilentWorker.made.push(this);
  }
  addEventListener() {}
  removeEventListener() {}
  postMessage() {}
  terminate() {
    this.isEnded = true;
  }
}

const soon = () => new Promise(resolve => setTimeout(resolve, 20));

describe('WorkerClient', () => {
  let client: WorkerClient;
  beforeEach(() => {
    Object.assign(globalThis, { Worker: SilentWorker });
    SilentWorker.made = [];
    client = new WorkerClient(
      'https://viewer.example/plugins/fewshot/worker.js',
      {} as WorkerSetup,
    );
  });

  it('ends the worker at once when a call is cancelled', async () => {
    const controller = new AbortController();
    const loading = client.load(() => undefined, controller.signal);
    await soon();
    controller.abort();
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
    expect(SilentWorker.made.map(({ isEnded }) => isEnded)).toEqual([true]);
  });

  it('checks a task file again when a run that was cancelled ended the worker', async () => {
    const [closing, run] = [new AbortController(), new AbortController()];
    const reading = client.readTask(new Uint8Array(1), closing.signal);
    const loading = client.load(() => undefined, run.signal);
    await soon();
    run.abort();
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
    await soon();
    expect(SilentWorker.made.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    closing.abort();
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('leaves nobody waiting for a worker that is ended', async () => {
    const loading = client.load(() => undefined, new AbortController().signal);
    await soon();
    client.terminate();
    await expect(loading).rejects.toMatchObject({ code: 'worker-lost' });
  });
});
