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

/** Throws a `cancelled` FewshotError when the signal has been aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new FewshotError(
      'cancelled',
      'Cancelled.',
      'Nothing was changed. Start again when ready.',
    );
  }
}
