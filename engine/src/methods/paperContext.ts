import { fromOneStudy } from '../job/fromOneStudy';
import { FewshotError } from '../platform/errors';
import type { Learner, Method } from '../job/method';
import type { PropagateParts } from './parts';
import { taskLearner } from '../finetune/paper';
import { applyFollowed } from './applyFollowed';

/**
 * `paper` for another study, whose surest slices are then followed through its volume: see
 * `followSurest`.
 *
 * @throws FewshotError `bad-input` within one study, where the outlines themselves can be followed
 */
export const paperContext: Method<PropagateParts> = async (job, parts, options) => {
  const { test } = job;
  if (!test) {
    throw new FewshotError(
      'bad-input',
      'The method paper-context is for a study without outlines.',
      'Use context where there are some.',
    );
  }
  return fromOneStudy(learnPaperContext, { ...job, test }, parts, options);
};

/** `paper-context` from several studies, for others. */
export const learnPaperContext: Learner<PropagateParts> = taskLearner(applyFollowed);
