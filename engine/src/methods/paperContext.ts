import { followSurest } from '../context/followSurest';
import { FewshotError } from '../platform/errors';
import type { Method } from '../job/method';
import type { PropagateParts } from './parts';
import { paper } from '../finetune/paper';

/**
 * `paper` for another study, whose surest slices are then followed through its volume: see
 * `followSurest`.
 *
 * @throws FewshotError `bad-input` within one study, where the outlines themselves can be followed
 */
export const paperContext: Method<PropagateParts> = async (job, parts, options) => {
  if (!job.test) {
    throw new FewshotError(
      'bad-input',
      'The method paper-context is for a study without outlines.',
      'Use context where there are some.',
    );
  }
  const result = await paper(job, parts, options);
  const start = performance.now();
  const slices = await followSurest(result.slices, job.test, parts, options);
  const propagate = result.seconds.propagate + (performance.now() - start) / 1000;
  return { ...result, slices, seconds: { ...result.seconds, propagate } };
};
