import { resolveWindow, type ResolvedWindow } from '../image/window';
import type { Continuation, FewshotJob } from './job';

/** What a job can go on from; undefined when it begins anew. */
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
 * Intensities of a job: those of the run that it goes on from, else those of its own slices.
 *
 * @throws FewshotError see `resolveWindow`
 */
export function jobWindow(
  job: Pick<FewshotJob, 'slices' | 'window' | 'continues'>,
): ResolvedWindow {
  return continuationOf(job)?.window ?? resolveWindow(job.window, job.slices);
}
