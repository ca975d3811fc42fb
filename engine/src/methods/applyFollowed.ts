import { followSurest } from '../context/followSurest';
import { applyTask, type AppliedTask, type UnlabeledStudy } from '../finetune/applyTask';
import type { PropagateOptions } from '../job/method';
import type { PropagateParts } from './parts';
import type { Task } from '../finetune/task';

/**
 * `paper-context` with a learned task: segments slice by slice, then follows the surest slices through the
 * volume, see `followSurest`.
 *
 * @throws FewshotError see `applyTask`
 */
export async function applyFollowed(
  task: Task,
  study: UnlabeledStudy & { sliceSpacing?: number },
  parts: PropagateParts,
  options: PropagateOptions = {},
): Promise<AppliedTask> {
  const applied = await applyTask(task, study, parts, options);
  const start = performance.now();
  const window = study.window ?? task.metadata.window;
  const slices = await followSurest(applied.slices, { ...study, window }, parts, options);
  const propagate = applied.seconds.propagate + (performance.now() - start) / 1000;
  return { ...applied, slices, seconds: { ...applied.seconds, propagate } };
}
