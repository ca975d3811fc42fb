import { FewshotError } from 'fewshot-sam';
import type { WorkerReady, WorkerSetup } from './protocol';

/** A GPU that was lost so often is not tried again until the page is reloaded. */
const MOST = 2;

/** Remembers how often the GPU was lost, and leaves it for the CPU when that is too often. */
export class GpuLosses {
  private count = 0;

  private get isGivenUp(): boolean {
    return this.count >= MOST;
  }

  /** @returns the error as the user shall read it */
  note(error: FewshotError): FewshotError {
    if (error.code !== 'gpu-lost' || ++this.count < MOST) return error;
    return new FewshotError(
      error.code,
      error.message,
      'Nothing was changed. Try again: it happened twice, so the CPU computes until the page is reloaded.',
      { cause: error },
    );
  }

  /** What the next worker may compute with. */
  setup(wanted: WorkerSetup): WorkerSetup {
    return this.isGivenUp ? { ...wanted, prefer: 'wasm' } : wanted;
  }

  /** Says in the panel why the GPU is not used. */
  describe(ready: WorkerReady): WorkerReady {
    return this.isGivenUp ? { ...ready, device: `${ready.device} (the GPU failed twice)` } : ready;
  }
}
