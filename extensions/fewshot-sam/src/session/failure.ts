import { FewshotError } from 'fewshot-sam';
import type { Obstacle } from './state';

/** Explains an error to the user. */
export function failureOf(error: unknown): Obstacle {
  if (error instanceof FewshotError) return { message: error.message, remedy: error.remedy };
  return {
    message: `Something unexpected happened (${error instanceof Error ? error.message : String(error)}).`,
    remedy: 'Nothing was changed. Try again; reload the page if it happens twice.',
  };
}
