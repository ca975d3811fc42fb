import { FewshotError } from './errors';

/** An error that a lost device brings about may come before the news of the loss: milliseconds. */
const NEWS = 200;

/** The browser took the GPU away: its driver was reset, its process ended, the computer slept. */
export function gpuLost(reason: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'gpu-lost',
    `The GPU stopped (${reason}).`,
    'Nothing was changed. Try again; close other programs that use the GPU.',
    { cause },
  );
}

/**
 * Watches a device while others compute on it who may never hear of its loss: their work would fail
 * with an error of its own, or not end at all.
 */
export class GpuLoss {
  private reason: string | null = null;
  private readonly waiting = new Set<() => void>();

  constructor(device: Pick<GPUDevice, 'lost'>) {
    void device.lost.then(({ message, reason }) => {
      this.reason = message || reason;
      this.waiting.forEach(tell => tell());
    });
  }

  /**
   * Does some work on the device.
   *
   * @throws FewshotError `gpu-lost` when the device is lost before the work is done
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    // Of this work alone: a promise that outlives it, as that of the device, would keep its result.
    let tell = () => {};
    const lost = new Promise<null>(resolve => (tell = () => resolve(null)));
    this.waiting.add(tell);
    try {
      const done = work().then(value => ({ value }));
      const result = await Promise.race([done, lost]);
      if (result) return result.value;
      throw gpuLost(this.reason!);
    } catch (error) {
      await Promise.race([lost, new Promise(resolve => setTimeout(resolve, NEWS))]);
      this.check(error);
      throw error;
    } finally {
      this.waiting.delete(tell);
    }
  }

  /** @throws FewshotError `gpu-lost` when the device is known to be lost */
  check(cause?: unknown): void {
    if (this.reason !== null) throw gpuLost(this.reason, cause);
  }
}
