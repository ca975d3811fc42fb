import { FewshotError, type MethodJob, type Slice } from 'fewshot-sam';
import { checkJob } from 'fewshot-sam/compute';

/**
 * Refuses a job that cannot give a result, see `checkJob`, also when another study is to be
 * segmented.
 *
 * @returns the slices to segment: of the other study if there is one
 * @throws FewshotError `bad-input`
 */
export function wantedSlices({ slices, labels, targets, window, test }: MethodJob): Slice[] {
  if (!test) return checkJob({ slices, labels, targets, window });
  // In the study that is learned from every slice may be labelled: a copy stands for the wanted one.
  const copies = slices.slice(0, 1).map(slice => ({ ...slice, index: -1 }));
  checkJob({ slices: [...slices, ...copies], labels, targets: [-1], window });
  return testSlices(test.slices, targets);
}

/**
 * The slices to segment of a study without outlines.
 *
 * @throws FewshotError `bad-input`
 */
export function testSlices(slices: readonly Slice[], targets: readonly number[]): Slice[] {
  if (targets.length === 0) {
    throw new FewshotError(
      'bad-input',
      'No slice of the study to segment was asked for.',
      'Choose a larger slice range.',
    );
  }
  const byIndex = new Map(slices.map(slice => [slice.index, slice]));
  return targets.map(index => {
    const slice = byIndex.get(index);
    if (!slice) {
      throw new FewshotError(
        'bad-input',
        `Slice ${index + 1} is not among the slices of the study to segment.`,
        'Give every wanted slice.',
      );
    }
    const { rows, columns, pixels } = slice;
    if (pixels.length === rows * columns) return slice;
    throw new FewshotError(
      'bad-input',
      `Slice ${index + 1} of the study to segment has ${pixels.length} values for ${columns} x ${rows} pixels; one value per pixel is needed.`,
      'Choose a greyscale series.',
    );
  });
}
