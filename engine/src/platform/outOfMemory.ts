import { FewshotError } from './errors';

/** Whether an error means that memory ran out. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError || /memory|allocat/i.test(textOf(error));
}

/** Turns an out-of-memory error into one for the user. */
export function outOfMemory(cause: unknown): FewshotError {
  return new FewshotError(
    'worker-lost',
    `The browser ran out of memory (${textOf(cause)}).`,
    'Nothing was changed. Close other tabs or choose fewer slices, then try again.',
    { cause },
  );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
