import type { FewshotResult, MethodJob, OnProgress } from 'fewshot-sam';
import type { PropagateParts } from 'fewshot-sam/compute';
import { loadMethod, methodEntry, type MethodName } from '../methods/registry';
import { withModel, type Machinery } from './withModel';

/**
 * Segments with one method, loading only what it needs.
 *
 * @returns the result, and what computed it in words
 * @throws FewshotError
 */
export async function runMethod(
  name: MethodName,
  job: MethodJob,
  machinery: Machinery,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<{ result: FewshotResult; backend: string }> {
  const method = await loadMethod(name);
  const options = { signal, onProgress };
  if (methodEntry(name).withoutModel)
    return { result: await method(job, NO_MODEL, options), backend: 'none' };

  const needed = { ...machinery, tensorFlow: name === 'sam-point' || name === 'sam-box' };
  return withModel(needed, onProgress, signal, async ({ parts, backend }) => ({
    result: await method(job, parts, options),
    backend,
  }));
}

/** For methods that use no model: whoever uses it all the same is told. */
const NO_MODEL: PropagateParts = {
  encoder: {
    device: 'none',
    encode: () => Promise.reject(new Error('This method was to use no model.')),
    dispose: () => Promise.resolve(),
  },
  modelSha256: '',
  weights: new Map(),
};
