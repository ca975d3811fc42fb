import {
  type AppliedStudy,
  FewshotError,
  type FewshotResult,
  type FewshotStudy,
  type Learned,
  type LearnerSettings,
  type Mask,
  type MethodJob,
  type OnProgress,
  type TestStudy,
} from 'fewshot-sam';
import type { PropagateParts } from 'fewshot-sam/compute';
import { loadMethod, methodEntry, type MethodName } from '../methods/registry';
import { withModel, type Machinery } from './withModel';

/**
 * Segments with one method; loads only what it needs.
 *
 * @returns the result, and a description of the backend
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

  const needed = { ...machinery, tensorFlow: needsTensorFlow(name) };
  return withModel(needed, onProgress, signal, async ({ parts, backend }) => ({
    result: await method(job, parts, options),
    backend,
  }));
}

/** Parts for methods without a model; using the encoder throws. */
const NO_MODEL: PropagateParts = {
  encoder: {
    device: 'none',
    encode: () => Promise.reject(new Error('This method must not use the model.')),
    dispose: () => Promise.resolve(),
  },
  modelSha256: '',
  weights: new Map(),
};

/** A study to segment. */
export interface WantedStudy extends TestStudy {
  /** The structure on every slice, for methods that use the truth. */
  truth: ReadonlyMap<number, Mask>;
}

/** A method that has learned from a few-shot set, for any number of studies. */
export interface LearnedMethod extends Omit<Learned, 'apply'> {
  segment(study: WantedStudy): Promise<AppliedStudy>;
  /** Describes the backend. */
  backend: string;
}

/**
 * Learns from a few-shot set with one method, loading only what it needs, and segments other studies.
 *
 * @throws FewshotError `bad-input` when the method cannot segment other studies, or learns from only one
 */
export async function runAcross<T>(
  name: MethodName,
  fewShot: readonly FewshotStudy[],
  settings: LearnerSettings,
  machinery: Machinery,
  onProgress: OnProgress,
  signal: AbortSignal,
  work: (learned: LearnedMethod) => Promise<T>,
): Promise<T> {
  const { loadLearner, withoutModel, needsTruth } = methodEntry(name);
  const options = { signal, onProgress };
  const learn = async (parts: PropagateParts, backend: string): Promise<LearnedMethod> => {
    if (loadLearner) {
      const learner = await loadLearner();
      const learned = await learner(fewShot, settings, parts, options);
      return { ...learned, backend, segment: study => learned.apply(study, options) };
    }
    // Methods that use the truth learn nothing.
    if (fewShot.length > 1 && !needsTruth) {
      throw new FewshotError(
        'bad-input',
        `The method ${name} cannot learn from several studies.`,
        'Choose one that can, e.g. paper-context.',
      );
    }
    const method = await loadMethod(name);
    return {
      ...{ iterations: 0, losses: [], seconds: { encode: 0, fit: 0 }, embeddingsFromCache: 0 },
      backend,
      segment: ({ truth, ...test }) => {
        const targets = test.slices.map(({ index }) => index);
        const job = {
          ...fewShot[0],
          labels: new Map(fewShot[0].labels),
          targets,
          seed: settings.seed,
          test,
        };
        return method({ ...job, ...(needsTruth && { truth }) }, parts, options);
      },
    };
  };
  if (withoutModel) return work(await learn(NO_MODEL, 'none'));
  const needed = { ...machinery, tensorFlow: needsTensorFlow(name) };
  return withModel(needed, onProgress, signal, async ({ parts, backend }) =>
    work(await learn(parts, backend)),
  );
}

/** Whether a method needs TensorFlow.js: only SAM's own prompts do. */
function needsTensorFlow(name: MethodName): boolean {
  return name === 'sam-point' || name === 'sam-box';
}
