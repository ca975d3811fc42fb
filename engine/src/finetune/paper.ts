import { fromOneStudy } from '../job/fromOneStudy';
import type { AppliedStudy, Learner, Method, PropagateOptions, TestStudy } from '../job/method';
import { applyTask } from './applyTask';
import type { FinetuneParts } from './decoderEngine';
import { learnTask } from './learnTask';
import { propagate } from './propagate';
import type { Task } from './task';

/**
 * The method of Xie et al., "SAM Fewshot Finetuning for Anatomical Segmentation in Medical Images".
 * Within one study it learns from the labeled slices as they are; for another study it also learns
 * from changed copies of them, at one pixel size for both.
 */
export const paper: Method<FinetuneParts> = async (job, parts, options) => {
  const { test } = job;
  return test
    ? fromOneStudy(learnPaper, { ...job, test }, parts, options)
    : propagate(job, parts, options);
};

/** `paper` from several studies, for others. */
export const learnPaper: Learner<FinetuneParts> = taskLearner(applyTask);

/** @param apply how the learned task finds the structure in a study */
export function taskLearner<Parts extends FinetuneParts>(
  apply: (
    task: Task,
    study: TestStudy,
    parts: Parts,
    options?: PropagateOptions,
  ) => Promise<AppliedStudy>,
): Learner<Parts> {
  return async (studies, { iterations, initialization, seed }, parts, options) => {
    // The axis is known to the one who cut the slices; it plays no part here.
    const { task, losses, seconds, embeddingsFromCache } = await learnTask(
      studies.map(({ slices, labels, window }) => ({ slices, labels, window, axis: 'axial' })),
      { name: 'structure', iterations, initialization, seed },
      parts,
      options,
    );
    return {
      iterations: losses.length,
      losses,
      seconds,
      embeddingsFromCache,
      apply: (study, applyOptions) => apply(task, study, parts, applyOptions),
    };
  };
}
