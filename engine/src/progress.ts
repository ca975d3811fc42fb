/** The phases of one propagation, in the order in which they happen. */
export type Phase = 'model' | 'encode' | 'fit' | 'propagate';

/** The one progress event of every long call. */
export interface Progress {
  phase: Phase;
  /** Units finished: bytes (model), slices (encode, propagate) or iterations (fit). */
  done: number;
  total: number;
  /** Estimated seconds until this phase ends; null before anything was measured. */
  etaSeconds: number | null;
}

export type OnProgress = (progress: Progress) => void;

/**
 * Makes a reporter for one phase that estimates the time left from the mean time per unit so far.
 *
 * @param now clock in milliseconds; replaced in tests
 */
export function phaseReporter(
  phase: Phase,
  total: number,
  onProgress: OnProgress | undefined,
  now: () => number = () => performance.now(),
): (done: number) => void {
  const start = now();
  return done => {
    const etaSeconds = done > 0 ? ((now() - start) / 1000 / done) * (total - done) : null;
    onProgress?.({ phase, done, total, etaSeconds });
  };
}
