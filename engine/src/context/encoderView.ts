import { continuationOf, jobWindow } from '../job/continuation';
import type { Continuation, FewshotJob } from '../job/job';
import { encoderFrame, type EncoderFrame } from '../sam/encoderFrame';
import type { ResolvedWindow } from '../image/window';
import { cropAround } from './cropAround';
import { encoderSize } from './encoderSize';
import type { ContextSettings } from './settings';

/** How the encoder sees the slices of a job. */
export interface EncoderView {
  window: ResolvedWindow;
  frame: EncoderFrame;
  /** Side of the encoder's input in pixels. */
  size: number;
  /** Lets a later run continue with the same view, so that it finds the embeddings of this one. */
  continuation: Continuation;
}

/**
 * Chooses crop, window and input size for the outlines of a job; keeps those of an earlier run while they
 * fit.
 *
 * @throws FewshotError see `resolveWindow`
 */
export function encoderView(
  job: Pick<FewshotJob, 'slices' | 'labels' | 'window' | 'continues'>,
  settings: Pick<ContextSettings, 'crop' | 'encoderSize'>,
): EncoderView {
  const { slices, labels } = job;
  const before = continuationOf(job);
  const window = jobWindow(job);
  const around = settings.crop ? cropAround(labels.values(), slices[0], before?.crop) : undefined;
  const frame = encoderFrame(slices[0], around);
  const { crop } = frame;
  // Keep crop and size together: cached embeddings are found only if both are the same.
  const sizeBefore = around && around === before?.crop ? before.encoderSize : undefined;
  const size = settings.encoderSize ?? sizeBefore ?? encoderSize(labels.values(), slices[0], frame);
  return {
    ...{ window, frame, size },
    continuation: { ...before, asked: job.window, window, crop, encoderSize: size },
  };
}
