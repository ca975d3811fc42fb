/** What went wrong, for programs. The message is for people. */
export type FewshotErrorCode =
  | 'bad-input'
  | 'bad-geometry'
  | 'model-missing'
  | 'model-altered'
  | 'plugin-altered'
  | 'backend-unusable'
  | 'bad-result'
  | 'cancelled'
  | 'worker-lost'
  | 'gpu-lost';

/**
 * An error a user can act on: `message` names the value that was wrong, `remedy` says what to do.
 */
export class FewshotError extends Error {
  readonly code: FewshotErrorCode;
  readonly remedy: string;

  constructor(code: FewshotErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FewshotError';
    this.code = code;
    this.remedy = remedy;
  }
}

function cancelled(): FewshotError {
  return new FewshotError(
    'cancelled',
    'Cancelled.',
    'Nothing was changed. Start again when ready.',
  );
}

/** Throws a `cancelled` FewshotError when the signal has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw cancelled();
}

/**
 * Waits for something that cannot be interrupted, but no longer than until the signal is aborted.
 *
 * @throws FewshotError `cancelled` then; what comes of the rest is not heard
 */
export function orCancelled<T>(waited: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(cancelled());
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const forget = () => signal.removeEventListener('abort', onAbort);
    waited.then(resolve, reject).then(forget, forget);
  });
}
