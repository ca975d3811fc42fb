import { resolveWindow, type ResolvedWindow } from '../image/window';
import type { Continuation, FewshotJob } from './job';

/** The earlier run that a job continues; undefined if it starts over. */
export function continuationOf({
  continues,
  window,
}: Pick<FewshotJob, 'continues' | 'window'>): Continuation | undefined {
  if (!continues) return undefined;
  const { kind, low, high } = continues.asked;
  const isSame = kind === window.kind && low === window.low && high === window.high;
  return isSame ? continues : undefined;
}

/**
 * Intensity window of a job: that of the run it continues, else resolved on its own slices.
 *
 * @throws FewshotError see `resolveWindow`
 */
export function jobWindow(
  job: Pick<FewshotJob, 'slices' | 'window' | 'continues'>,
): ResolvedWindow {
  return continuationOf(job)?.window ?? resolveWindow(job.window, job.slices);
}
