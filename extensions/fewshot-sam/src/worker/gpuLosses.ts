import { FewshotError } from 'fewshot-sam';
import type { WorkerReady, WorkerSetup } from './protocol';

/** After this many losses, the GPU is not used again until the page is reloaded. */
const MOST = 2;

/** Counts losses of the GPU, and switches to the CPU after too many. */
export class GpuLosses {
  private count = 0;

  private get isGivenUp(): boolean {
    return this.count >= MOST;
  }

  /** @returns the error to show to the user */
  note(error: FewshotError): FewshotError {
    if (error.code !== 'gpu-lost' || ++this.count < MOST) return error;
    return new FewshotError(
      error.code,
      error.message,
      'Nothing was changed. Try again: it happened twice, so the CPU computes until the page is reloaded.',
      { cause: error },
    );
  }

  /** Setup for the next worker. */
  setup(wanted: WorkerSetup): WorkerSetup {
    return this.isGivenUp ? { ...wanted, prefer: 'wasm' } : wanted;
  }

  /** Adds to the device name why the GPU is not used. */
  describe(ready: WorkerReady): WorkerReady {
    return this.isGivenUp ? { ...ready, device: `${ready.device} (the GPU failed twice)` } : ready;
  }
}
