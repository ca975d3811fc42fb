import type { CropRectangle } from '../image/encoderFrame';
import type { IntensityWindow } from '../image/slice';
import { resolveWindow, type ResolvedWindow } from '../image/window';
import type { Weights } from '../sam/weights';
import type { FewshotJob } from './job';

/**
 * What a run knows of a structure in a series, for a later run with other outlines to go on from: the
 * embeddings of the slices are then found again, and what was trained is trained further.
 */
export interface Continuation {
  /** The window that was asked for: with another one all begins anew. */
  asked: IntensityWindow;
  /** What it was, on the slices of the first run: percentiles of fewer slices would be others. */
  window: ResolvedWindow;
  /** What the encoder saw of each slice, where a method chooses it by the outlines. */
  crop?: CropRectangle;
  /** Side of the encoder's input, where a method chooses it by the outlines; it belongs to the crop. */
  encoderSize?: number;
  /** Of the fitted decoder, where a method trains. */
  weights?: Weights;
}

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
