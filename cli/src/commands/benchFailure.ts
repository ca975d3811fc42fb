import type { CaseName } from '../bench/benchRow';
import { FewshotError, type FewshotErrorCode } from 'fewshot-sam';
import { methodEntry, type MethodName } from '../methods/registry';
import type { TaskFailure } from './benchChild';
import type { Figures } from './benchTask';

/** Failures of this computer, not of a method: every row would be wrong until they are fixed. */
const STOPS_THE_RUN: readonly (FewshotErrorCode | null)[] = [
  'model-missing',
  'model-altered',
  'backend-unusable',
  'cancelled',
];

/**
 * Turns a failure of a method into figures: an IoU of 0, as for a segmentation that finds nothing.
 *
 * @throws FewshotError when the failure is not the method's
 */
export function failedFigures(
  one: CaseName,
  method: MethodName,
  failure: TaskFailure,
  suite?: string,
): Figures {
  if (failure.isOfSuite) throw inCase(one, failure, suite);
  if (failure.code !== null && STOPS_THE_RUN.includes(failure.code)) {
    throw new FewshotError(failure.code, failure.message, failure.remedy);
  }
  // Some methods require labeled slices of the study to segment, or none: then the case is unsupported,
  // not failed.
  const isOutOfPlace = one.kind === 'across' || methodEntry(method).acrossStudiesOnly;
  const isImpossible = isOutOfPlace && failure.code === 'bad-input';
  return {
    iou: isImpossible ? null : 0,
    dice: isImpossible ? null : 0,
    assd_mm: null,
    hd95_mm: null,
    accepted_unchanged: isImpossible ? null : 0,
    encode_s: null,
    fit_s: null,
    apply_s: null,
    slices: 0,
    embeddings_from_cache: 0,
    peak_rss_mb: null,
    backend: null,
    per_slice: [],
    slice_iou: isImpossible ? null : 0,
    slice_iou_sd: null,
    slice_assd_mm: null,
    slice_assd_sd_mm: null,
    volume_iou: isImpossible ? null : 0,
    patients: [],
    error: failure.message,
  };
}

/** Returns the error for a failure in one case. @param suite file of the suite */
export function inCase(
  { id }: CaseName,
  { code, message, remedy }: TaskFailure,
  suite?: string,
): FewshotError {
  const file = suite === undefined ? '' : `--suite ${suite}: `;
  return new FewshotError(code ?? 'bad-input', `${file}Case ${id}: ${message}`, remedy);
}
