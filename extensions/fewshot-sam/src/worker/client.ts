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

/** Hashes of the worker's scripts, set by the build. A viewer built from source bundles them itself. */
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

/** Calls share one worker, so the call that ends it ends the others too. */
class EndedWithAnother extends FewshotError {
  constructor() {
    super(
      'worker-lost',
      'The computation ended because another one was cancelled or failed.',
      'Nothing was changed. Try again.',
    );
  }
}

function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new FewshotError(outcome.error.code, outcome.error.message, outcome.error.remedy);
}

/** Transfers pixels to the worker without a copy. */
function handOver<T extends object>(request: T, slices: readonly Slice[]): T {
  const pixels = slices.map(slice => slice.pixels.buffer as ArrayBuffer);
  return Comlink.transfer(request, [...new Set(pixels)]);
}

/**
 * Main-thread side of the worker. A running kernel cannot be interrupted, so cancelling terminates the
 * worker; the next run starts a new one and finds its embeddings in the browser's storage.
 */
export class WorkerClient {
  private worker: Worker | null = null;
  private api: Comlink.Remote<FewshotWorkerApi> | null = null;
  private opened: Promise<Comlink.Remote<FewshotWorkerApi>> | null = null;
  private ready: Promise<WorkerReady> | null = null;
  /** Progress callbacks of calls that wait for the model. */
  private readonly loading = new Set<OnProgress>();
  /** Identity of the current worker, running or being started. */
  private life: object | null = null;
  /** Rejects pending calls. One shared promise instead would keep all their results alive. */
  private readonly waiting = new Set<(death: FewshotError) => void>();
  private readonly gpuLosses = new GpuLosses();

  constructor(
    private readonly workerUrl: string,
    private readonly setup: WorkerSetup,
  ) {}

  /** Starts the worker and loads the model, once. Reports progress to every waiting call. */
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

  /** Window and crop that a run with these outlines would use. Call `load` first. */
  viewAhead(job: AheadJob): Promise<Continuation> {
    return this.ahead(api => api.viewAhead(handOver(job, job.slices)));
  }

  /** Encodes a slice for a later run. It cannot be cancelled. */
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

  /** @param onSlices called with slices as they are segmented */
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

  /** Learns a structure from outlined slices. Call `load` first. */
  learn(request: LearnRequest, onProgress: OnProgress, signal: AbortSignal): Promise<LearnedFiles> {
    return this.guarded(signal, async () => {
      if (!this.api) throw lost();
      const handed = handOver(request, request.study.slices);
      return unwrap(await this.api.learn(handed, Comlink.proxy(onProgress)));
    });
  }

  /** Finds a learned structure in a study without outlines. Call `load` first. */
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
   * Checks a task file. The model need not be loaded, and a bad file does not end the worker. If another
   * call ends the worker meanwhile, the file is checked again in the next one.
   *
   * @throws FewshotError `bad-input` that says what is wrong with the file
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

  /** Terminates the worker at once and rejects all pending calls. */
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
      // A terminated worker may take seconds to end; by then a new one may be running.
      if (this.life !== life) return;
      this.terminate(death);
    };
    await new PluginFiles(new URL('.', this.workerUrl).href, SCRIPT_HASHES).checkAll();
    // Cancelled in the meantime.
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
    // The worker holds this lock until it ends, so getting it means the worker is gone.
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
      // Another call already ended this worker; do not end its successor.
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
