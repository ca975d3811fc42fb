import { FewshotError } from '../platform/errors';
import type { FewshotResult } from './job';
import type {
  AppliedStudy,
  JobParts,
  Learned,
  Learner,
  Method,
  MethodJob,
  PropagateOptions,
  TestStudy,
} from './method';

/** Runs a job with `test` by a method that learns from several studies: learns from one, segments one. */
export async function fromOneStudy<Parts extends JobParts>(
  learn: Learner<Parts>,
  job: MethodJob & { test: TestStudy },
  parts: Parts,
  options?: PropagateOptions,
): Promise<FewshotResult> {
  const learned = await learn([job], job, parts, options);
  const { targets, test } = job;
  const applied = await learned.apply({ ...test, targets }, options);
  return {
    ...applied,
    iterations: learned.iterations,
    losses: learned.losses,
    seconds: {
      encode: learned.seconds.encode + applied.seconds.encode,
      fit: learned.seconds.fit,
      propagate: applied.seconds.propagate,
    },
    embeddingsFromCache: learned.embeddingsFromCache + applied.embeddingsFromCache,
  };
}

/**
 * Creates a method that only segments other studies.
 *
 * @param name for messages
 * @returns a method that throws FewshotError `bad-input` within one study: there, outlines can be followed
 */
export function acrossStudiesOnly<Parts extends JobParts>(
  name: string,
  learn: Learner<Parts>,
): Method<Parts> {
  return async (job, parts, options) => {
    const { test } = job;
    if (test) return fromOneStudy(learn, { ...job, test }, parts, options);
    throw new FewshotError(
      'bad-input',
      `The method ${name} is for a study without outlines.`,
      'Use context where there are some.',
    );
  };
}

/** What learning a task gives. */
type LearnedOf<Task> = Pick<Learned, 'losses' | 'seconds' | 'embeddingsFromCache'> & { task: Task };

/** Returns a learned task, ready to be applied. */
export function ready<Task>(
  { task, losses, seconds, embeddingsFromCache }: LearnedOf<Task>,
  apply: (task: Task, study: TestStudy, options?: PropagateOptions) => Promise<AppliedStudy>,
): Learned {
  return {
    iterations: losses.length,
    losses,
    seconds,
    embeddingsFromCache,
    apply: (study, options) => apply(task, study, options),
  };
}
