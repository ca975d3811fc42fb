import { FewshotError } from './errors';

/** Milliseconds to wait for the loss to be reported: the error that it causes may arrive first. */
const NEWS = 200;

/** Error for a lost GPU: its driver was reset, its process ended, or the computer slept. */
export function gpuLost(reason: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'gpu-lost',
    `The GPU stopped (${reason}).`,
    'Nothing was changed. Try again; close other programs that use the GPU.',
    { cause },
  );
}

/**
 * Watches a device for loss while other code computes on it. Without this, that code would fail with an
 * unrelated error or never finish.
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
   * Runs work on the device.
   *
   * @throws FewshotError `gpu-lost` when the device is lost before the work is done
   */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    // One promise per call: racing the device's own long-lived promise would keep every result in memory.
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
