import { FewshotError } from './errors';

/** Whether what was thrown says that no more memory could be had. */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof RangeError || /memory|allocat/i.test(textOf(error));
}

/** The same in the user's words. */
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
