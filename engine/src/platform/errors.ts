/** Machine-readable error code; the message is for people. */
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

/** An error that a user can act on: `message` names the wrong value, `remedy` says what to do. */
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
 * Waits for work that cannot be interrupted, or until the signal is aborted.
 *
 * @throws FewshotError `cancelled` on abort; the result of the work is then ignored
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
