import { FewshotError } from '../platform/errors';
import type { TaskMetadata } from './task';

/** @throws FewshotError `bad-input` when the task was learned with another model */
export function checkModel({ name, model }: TaskMetadata, modelSha256: string): void {
  if (model.sha256 === modelSha256) return;
  throw new FewshotError(
    'bad-input',
    `The task "${name}" was learned with another model (${model.id || 'unnamed'}, ${model.sha256.slice(0, 12)}...) than this one (${modelSha256.slice(0, 12)}...).`,
    'Use the model it was learned with, or learn the task again.',
  );
}
