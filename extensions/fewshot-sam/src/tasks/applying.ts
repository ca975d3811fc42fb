import { FewshotError, type FewshotResult, type OnProgress, type Slice } from 'fewshot-sam';
import { checkMasks, readSlices } from '../session/runPropagation';
import type { Series } from '../viewer/series';
import type { ApplyRequest } from '../worker/protocol';
import type { TaskEntry } from './entry';
import { taskFit } from './taskFit';
import { factsOf, resultInSeries, studyOf } from './taskStudy';

/** Dependencies of `applyTaskTo`. */
export interface ApplyingParts {
  loadSlice(series: Series, index: number): Promise<Slice>;
  loadModel(onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  task(entry: TaskEntry): Promise<Uint8Array>;
  apply(request: ApplyRequest, onProgress: OnProgress, signal: AbortSignal): Promise<FewshotResult>;
}

/** Caveat shown with every result of a task. */
export function appliedNote({ expectedDice }: Pick<FewshotResult, 'expectedDice'>): string {
  const accuracy = expectedDice === undefined ? 'Accuracy is unknown; look' : 'Look';
  return `Found by a task learned elsewhere: a starting point, not a result. ${accuracy} at every slice.`;
}

/**
 * Finds the structure of a task in a series.
 *
 * @param range first and last slice to segment, if the series is shown in the task's plane
 * @returns the result, and the series whose slices it refers to
 * @throws FewshotError if the task does not fit the series, or nothing was found
 */
export async function applyTaskTo(
  shown: Series,
  range: { from: number; to: number },
  entry: TaskEntry,
  parts: ApplyingParts,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<{ series: Series; result: FewshotResult }> {
  const { metadata } = entry;
  const { refusal } = taskFit(metadata, factsOf(shown, metadata.axis));
  if (refusal) throw new FewshotError('bad-input', refusal.message, refusal.remedy);
  const study = studyOf(shown, metadata.axis);
  const isShown =
    (shown.reslice?.plane ?? study.reslice.plane).normal === study.reslice.plane.normal;
  const indices = study.imageIds
    .map((_, index) => index)
    .filter(index => !isShown || (index >= range.from && index <= range.to));
  const task = await parts.task(entry);
  await parts.loadModel(onProgress, signal);
  const slices = await readSlices(
    indices,
    index => parts.loadSlice(study, index),
    signal,
    onProgress,
  );
  const { window } = metadata;
  const { sliceSpacing } = study;
  const found = await parts.apply({ task, slices, window, sliceSpacing }, onProgress, signal);
  checkMasks(found, indices, study.rows * study.columns, metadata.name);
  if (found.slices.some(({ mask }) => mask.includes(1))) {
    return resultInSeries(study, shown, found);
  }
  throw new FewshotError(
    'bad-result',
    `${metadata.name} was not found on any slice.`,
    'Nothing was changed. Outline it on a few slices and propagate, or add them to the task.',
  );
}
