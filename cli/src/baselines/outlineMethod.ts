import {
  FewshotError,
  type Mask,
  type Method,
  phaseReporter,
  type PropagatedSlice,
  type Slice,
  throwIfCancelled,
} from 'fewshot-sam';
import { checkJob } from 'fewshot-sam/compute';

export type Outlines = ReadonlyMap<number, Mask>;
export type Grid = Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>;

/**
 * Makes a method that uses only the outlines, not the image. It cannot segment another study: outlines say
 * nothing about another patient.
 *
 * @param masks returns, for the outlines (at least two), a function from any other slice index to its
 *   mask
 */
export function outlineMethod(
  name: string,
  masks: (outlines: Outlines, grid: Grid) => Promise<(index: number) => Mask>,
): Method {
  return async (job, _parts, { signal, onProgress } = {}) => {
    throwIfCancelled(signal);
    if (job.test) {
      throw new FewshotError(
        'bad-input',
        `The method ${name} uses the outlines alone, which say nothing about another study.`,
        'Choose a method that learns from the image, e.g. context.',
      );
    }
    const wanted = checkJob(job);
    const start = performance.now();
    const report = phaseReporter('propagate', wanted.length, onProgress);
    report(0);
    const maskOf = await masks(job.labels, job.slices[0]);
    const slices: PropagatedSlice[] = [];
    for (const { index } of wanted) {
      throwIfCancelled(signal);
      const mask = maskOf(index);
      slices.push({ index, mask, probability: () => Float32Array.from(mask) });
      report(slices.length);
    }
    const seconds = { encode: 0, fit: 0, propagate: (performance.now() - start) / 1000 };
    return { slices, iterations: 0, losses: [], seconds, embeddingsFromCache: 0 };
  };
}
