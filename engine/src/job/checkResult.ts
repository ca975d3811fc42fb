import { FewshotError } from '../platform/errors';
import type { PropagatedSlice } from './job';

/** @throws FewshotError `bad-result` when nothing was found anywhere, or everything everywhere */
export function checkResult(slices: readonly PropagatedSlice[]): void {
  const isEverywhere = (value: number) => slices.every(({ mask }) => mask.indexOf(1 - value) < 0);
  if (!isEverywhere(0) && !isEverywhere(1)) return;
  throw new FewshotError(
    'bad-result',
    isEverywhere(0)
      ? `The structure was found on none of the ${slices.length} slices.`
      : `All of every one of the ${slices.length} slices was taken for the structure.`,
    'Outline it on more slices, or choose intensities that show it better.',
  );
}
