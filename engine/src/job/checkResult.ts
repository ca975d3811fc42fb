import { FewshotError } from '../platform/errors';
import type { PropagatedSlice } from './job';

/** @throws FewshotError `bad-result` when all masks are empty, or all are full */
export function checkResult(slices: readonly PropagatedSlice[]): void {
  const isEverywhere = (value: number) => slices.every(({ mask }) => mask.indexOf(1 - value) < 0);
  if (!isEverywhere(0) && !isEverywhere(1)) return;
  throw new FewshotError(
    'bad-result',
    isEverywhere(0)
      ? `The structure was found on none of the ${slices.length} slices.`
      : `Every pixel of all ${slices.length} slices was labeled.`,
    'Outline it on more slices, or choose intensities that show it better.',
  );
}
