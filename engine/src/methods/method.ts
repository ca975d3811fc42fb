import type { FewshotJob, FewshotResult } from '../fewshot/job';
import type { PropagateOptions, PropagateParts } from '../fewshot/propagate';
import type { IntensityWindow, Mask, Slice } from '../image/slice';

/** Every way to segment, by the name that the command line and the benchmark use. */
export const METHOD_NAMES = [
  'context',
  'context-fast',
  'paper',
  'paper-context',
  'interpolate',
  'nearest',
  'prototype',
  'linear',
  'sam-point',
  'sam-box',
] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

/** Those that segment a study without outlines, and no other. */
export const ACROSS_STUDIES_ONLY: readonly MethodName[] = ['paper-context'];

/** What a method is asked for: a job, and what only some methods use. */
export interface MethodJob extends FewshotJob {
  /**
   * Another study to segment. Then `slices`, `labels` and `window` are the study that is learned
   * from, and `targets` are indices of slices of this one.
   */
  test?: { slices: Slice[]; window: IntensityWindow; sliceSpacing?: number };
  /** True masks of the wanted slices, from which `sam-point` and `sam-box` take ideal prompts. */
  truth?: ReadonlyMap<number, Mask>;
}

/**
 * Segments every wanted slice. An empty mask is a valid answer.
 *
 * @throws FewshotError `bad-input` when the method cannot do the job, e.g. `interpolate` with `test`
 */
export type Method = (
  job: MethodJob,
  parts: PropagateParts,
  options?: PropagateOptions,
) => Promise<FewshotResult>;
