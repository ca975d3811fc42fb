import { fromOneStudy, ready } from '../job/fromOneStudy';
import type { AppliedStudy, Learner, Method, PropagateOptions, TestStudy } from '../job/method';
import { applyTask } from './applyTask';
import type { FinetuneParts } from './decoderEngine';
import { learnTask, type LearnSettings } from './learnTask';
import { propagate } from './propagate';
import type { Task } from './task';

/**
 * The method of Xie et al., "SAM Fewshot Finetuning for Anatomical Segmentation in Medical Images".
 * Within one study it learns from the labeled slices only; for another study it also learns from augmented
 * copies, at the same pixel size for both studies.
 */
export const paper: Method<FinetuneParts> = async (job, parts, options) => {
  const { test } = job;
  return test
    ? fromOneStudy(learnPaper, { ...job, test }, parts, options)
    : propagate(job, parts, options);
};

/** `paper`: learns from several studies, segments others. */
export const learnPaper: Learner<FinetuneParts> = taskLearner(applyTask);

/**
 * @param apply segments a study with the learned task
 * @param training how it is learned; by default as published
 */
export function taskLearner<Parts extends FinetuneParts>(
  apply: (
    task: Task,
    study: TestStudy,
    parts: Parts,
    options?: PropagateOptions,
  ) => Promise<AppliedStudy>,
  training: Pick<LearnSettings, 'encoderSize' | 'average'> = {},
): Learner<Parts> {
  return async (studies, { iterations, initialization, seed, images }, parts, options) => {
    // The axis is not used here: the caller has already sliced the volume.
    const learned = await learnTask(
      studies.map(({ slices, labels, window }) => ({ slices, labels, window, axis: 'axial' })),
      { name: 'structure', ...training, iterations, initialization, seed, images },
      parts,
      options,
    );
    return ready(learned, (task, study, applying) => apply(task, study, parts, applying));
  };
}
