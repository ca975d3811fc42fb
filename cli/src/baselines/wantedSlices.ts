import type { MethodJob, Slice } from 'fewshot-sam';
import { checkJob, targetSlices } from 'fewshot-sam/compute';

/**
 * Refuses a job that cannot give a result, see `checkJob`, also when another study is to be
 * segmented.
 *
 * @returns the slices to segment: of the other study if there is one
 * @throws FewshotError `bad-input`
 */
export function wantedSlices({ slices, labels, targets, window, test }: MethodJob): Slice[] {
  if (!test) return checkJob({ slices, labels, targets, window });
  // In the study that is learned from every slice may be labeled: a copy stands for the wanted one.
  const copies = slices.slice(0, 1).map(slice => ({ ...slice, index: -1 }));
  checkJob({ slices: [...slices, ...copies], labels, targets: [-1], window });
  return targetSlices(test.slices, targets);
}
