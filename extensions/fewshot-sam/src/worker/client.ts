import * as Comlink from 'comlink';
import {
  type Continuation,
  FewshotError,
  type FewshotJob,
  type FewshotResult,
  type FileHashes,
  type OnProgress,
  PluginFiles,
  type Slice,
  type TaskMetadata,
  throwIfCancelled,
} from 'fewshot-sam';
import { GpuLosses } from './gpuLosses';
import { fromPlainResult } from './plainResult';
import type {
  AheadJob,
  ApplyRequest,
  FewshotWorkerApi,
  LearnedFiles,
  LearnRequest,
  MethodChoice,
  OnSlicesSoFar,
  Outcome,
  WorkerReady,
  WorkerSetup,
} from './protocol';

/** Of the worker's scripts, by the build; a source build of the viewer bundles them itself. */
declare const FEWSHOT_SCRIPT_HASHES: FileHashes | undefined;
const SCRIPT_HASHES = typeof FEWSHOT_SCRIPT_HASHES === 'undefined' ? {} : FEWSHOT_SCRIPT_HASHES;

function lost(cause?: unknown): FewshotError {
  return new FewshotError(
    'worker-lost',
    'The computation stopped unexpectedly; the browser may have run out of memory.',
    'Nothing was changed. Close other tabs or choose fewer slices, then try again.',
    { cause },
  );
}

/** A worker has one life: who ends it ends what others wait for, too. */
class EndedWithAnother extends FewshotError {
  constructor() {
    super(
      'worker-lost',
      'The computation was ended together with another one.',
      'Nothing was changed. Try again.',
    );
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new FewshotError(outcome.error.code, outcome.error.message, outcome.error.remedy);
}

/** Pixels go to the worker without a copy. */
function handOver<T extends object>(request: T, slices: readonly Slice[]): T {
  const pixels = slices.map(slice => slice.pixels.buffer as ArrayBuffer);
  return Comlink.transfer(request, [...new Set(pixels)]);
}

/**
 * Main-thread side of the worker. A kernel that runs cannot be interrupted, so cancelling ends the
 * whole worker; the next run starts a new one and finds its embeddings in the browser's storage.
 */
export class WorkerClient {
  private worker: Worker | null = null;
  private api: Comlink.Remote<FewshotWorkerApi> | null = null;
  private opened: Promise<Comlink.Remote<FewshotWorkerApi>> | null = null;
  private ready: Promise<WorkerReady> | null = null;
  /** Those who wait for the model. */
  private readonly loading = new Set<OnProgress>();
  /** Of the worker that is at work or being started: another object for each. */
  private life: object | null = null;
  /** Calls that wait for it. A promise of its death instead would hold the results of all of them. */
  private readonly waiting = new Set<(death: FewshotError) => void>();
  private readonly gpuLosses = new GpuLosses();

  constructor(
    private readonly workerUrl: string,
    private readonly setup: WorkerSetup,
  ) {}

  /** Starts the worker and loads the model, once; everyone who waits for it sees the progress. */
  load(onProgress: OnProgress, signal: AbortSignal): Promise<WorkerReady> {
    return this.guarded(signal, async () => {
      this.loading.add(onProgress);
      try {
        this.ready ??= this.start();
        return await this.ready;
      } finally {
        this.loading.delete(onProgress);
      }
    });
  }

  /** How a run with these outlines would look at the slices; `load` comes first. */
  viewAhead(job: AheadJob): Promise<Continuation> {
    return this.ahead(api => api.viewAhead(handOver(job, job.slices)));
  }

  /** Encodes a slice for a run that may come. It does not end early: stop asking instead. */
  encodeAhead(slice: Slice, view: Continuation): Promise<void> {
    return this.ahead(api => api.encodeAhead(handOver(slice, [slice]), view));
  }

  private ahead<T>(
    call: (api: Comlink.Remote<FewshotWorkerApi>) => Promise<Outcome<T>>,
  ): Promise<T> {
    return this.guarded(new AbortController().signal, async () => {
      if (!this.api) throw lost();
      return unwrap(await call(this.api));
    });
  }

  /** @param onSlices told of slices as they are segmented, before all are */
  propagate(
    method: MethodChoice,
    job: FewshotJob,
    onProgress: OnProgress,
    signal: AbortSignal,
    onSlices: OnSlicesSoFar = () => undefined,
  ): Promise<FewshotResult> {
    return this.guarded(signal, async () => {
      if (!this.api) throw lost();
      const result = unwrap(
        await this.api.propagate(
          method,
          handOver(job, job.slices),
          Comlink.proxy(onProgress),
          Comlink.proxy(onSlices),
        ),
      );
      return fromPlainResult(result);
    });
  }

  /** Learns a structure from outlined slices; `load` comes first. */
  learn(request: LearnRequest, onProgress: OnProgress, signal: AbortSignal): Promise<LearnedFiles> {
    return this.guarded(signal, async () => {
      if (!this.api) throw lost();
      const handed = handOver(request, request.study.slices);
      return unwrap(await this.api.learn(handed, Comlink.proxy(onProgress)));
    });
  }

  /** Finds a learned structure in a study without outlines; `load` comes first. */
  apply(
    request: ApplyRequest,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<FewshotResult> {
    return this.guarded(signal, async () => {
      if (!this.api) throw lost();
      const handed = handOver(request, request.slices);
      return fromPlainResult(unwrap(await this.api.apply(handed, Comlink.proxy(onProgress))));
    });
  }

  /**
   * Checks a task file; the model need not be loaded, and a bad file leaves the worker as it is. Where a
   * run that is cancelled or fails ends the worker meanwhile, it is checked again in the next one.
   *
   * @throws FewshotError `bad-input` saying what is wrong with it
   */
  async readTask(task: Uint8Array, signal: AbortSignal): Promise<TaskMetadata> {
    try {
      const outcome = await this.guarded(signal, async () => {
        const api = await this.open();
        return api.readTask(this.setup, task);
      });
      return unwrap(outcome);
    } catch (error) {
      if (error instanceof EndedWithAnother) return this.readTask(task, signal);
      throw error;
    }
  }

  /** Ends the worker at once, whatever it is doing, and tells all who wait for it. */
  terminate(death: FewshotError = new EndedWithAnother()): void {
    this.worker?.terminate();
    this.worker = null;
    this.api = null;
    this.opened = null;
    this.ready = null;
    this.life = null;
    for (const tell of [...this.waiting]) tell(death);
  }

  private async start(): Promise<WorkerReady> {
    const api = await this.open();
    const setup = this.gpuLosses.setup(this.setup);
    const tell: OnProgress = progress => this.loading.forEach(onProgress => onProgress(progress));
    const ready = unwrap(await api.load(setup, Comlink.proxy(tell)));
    return this.gpuLosses.describe(ready);
  }

  /** Starts the worker, once. */
  private open(): Promise<Comlink.Remote<FewshotWorkerApi>> {
    this.opened ??= this.create();
    return this.opened;
  }

  private async create(): Promise<Comlink.Remote<FewshotWorkerApi>> {
    const life = (this.life = {});
    const fail = (death: FewshotError) => {
      // One that was cancelled may take seconds to end: by then another may be at work.
      if (this.life !== life) return;
      this.terminate(death);
    };
    await new PluginFiles(new URL('.', this.workerUrl).href, SCRIPT_HASHES).checkAll();
    // Cancelled meanwhile.
    if (this.life !== life) throw lost();
    const worker = new Worker(this.workerUrl, { type: 'module', name: 'fewshot-sam' });
    this.worker = worker;
    worker.onerror = event => {
      event.preventDefault();
      fail(
        event.message
          ? lost(event.message)
          : new FewshotError(
              'worker-lost',
              `The worker script could not be loaded (${this.workerUrl}).`,
              'Check that the whole plug-in folder was copied to the web server.',
            ),
      );
    };
    worker.onmessageerror = () => fail(lost());
    const api = Comlink.wrap<FewshotWorkerApi>(worker);
    this.api = api;
    const lock = `fewshot-sam-worker-${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
    await api.holdLock(lock);
    // The worker holds it while it lives: to get it means the worker is gone.
    void navigator.locks?.request(lock, () => fail(lost()));
    return api;
  }

  private async guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    throwIfCancelled(signal);
    let stop: (reason: FewshotError) => void = () => undefined;
    const stopped = new Promise<never>((_, reject) => (stop = reject));
    const onAbort = () => {
      stop(new FewshotError('cancelled', 'Cancelled.', 'Nothing was changed.'));
      this.waiting.delete(stop);
      this.terminate();
    };
    signal.addEventListener('abort', onAbort);
    this.waiting.add(stop);
    try {
      return await Promise.race([work(), stopped]);
    } catch (error) {
      if (!(error instanceof FewshotError) || error.code === 'cancelled') throw error;
      // The worker that ended with another call is not this one's to end, nor is its successor.
      if (error instanceof EndedWithAnother) throw error;
      this.waiting.delete(stop);
      this.terminate();
      throw this.gpuLosses.note(error);
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.waiting.delete(stop);
    }
  }
}
