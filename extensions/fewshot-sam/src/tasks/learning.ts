import { FewshotError, type OnProgress, type Slice } from 'fewshot-sam';
import type { IntensityWindow, Mask } from 'fewshot-sam';
import type { CollectedSegment } from '../session/collect';
import { readSlices } from '../session/runPropagation';
import { NO_SERIES, type Series } from '../viewer/series';
import type { LearnedFiles, LearnRequest } from '../worker/protocol';
import type { TaskEntry } from './entry';
import { learnObstacle, outlineInStudy, planeOfSeries, studyOf } from './taskStudy';
import { taskModality } from './taskFit';

/** Dependencies of `learnFrom`. */
export interface LearningParts {
  loadSlice(series: Series, index: number): Promise<Slice>;
  readMask(segment: CollectedSegment, index: number): Uint8Array | null;
  loadModel(onProgress: OnProgress, signal: AbortSignal): Promise<void>;
  learn(request: LearnRequest, onProgress: OnProgress, signal: AbortSignal): Promise<LearnedFiles>;
}

/** The task to add slices to. */
export interface Earlier {
  entry: TaskEntry;
  task: Uint8Array;
  /** Slices it was learned from; null if it was imported. */
  examples: Uint8Array | null;
}

/**
 * Learns a task from the outlined slices of a segment, alone or together with those of an earlier task.
 *
 * @param absent slices of which it is known that the structure is not there
 * @param settings name and metadata of the task; an earlier task keeps its own
 * @throws FewshotError that says why it cannot be learned; nothing is saved then
 */
export async function learnFrom(
  series: Series | null,
  segment: CollectedSegment | undefined,
  absent: readonly number[],
  window: () => IntensityWindow,
  settings: LearnRequest['settings'],
  earlier: Earlier | null,
  parts: LearningParts,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<LearnedFiles> {
  const obstacle = learnObstacle(segment, earlier !== null);
  if (!series || !segment || obstacle) {
    const { message, remedy } = obstacle ?? NO_SERIES;
    throw new FewshotError('bad-input', message, remedy);
  }
  const axis = planeOfSeries(series);
  if (earlier) checkJoins(earlier.entry, axis, series.modality);
  const used = earlier ? earlier.entry.metadata.window : window();
  const study = studyOf(series, axis);
  const labeled = [...segment.inSet, ...absent].sort((a, b) => a - b);
  // Percentiles need all slices, as when the task is applied; a clip needs the outlined ones only.
  const indices = used.kind === 'percentile' ? study.imageIds.map((_, index) => index) : labeled;
  await parts.loadModel(onProgress, signal);
  const slices = await readSlices(
    indices,
    index => parts.loadSlice(study, index),
    signal,
    onProgress,
  );
  const size = study.rows * study.columns;
  const labels = new Map<number, Mask>(absent.map(index => [index, new Uint8Array(size)]));
  for (const index of segment.inSet) {
    const mask = parts.readMask(segment, index)!;
    labels.set(index, outlineInStudy(study, series, index, mask));
  }
  const request: LearnRequest = {
    study: { slices, labels, window: used, axis },
    settings: { modality: series.modality || undefined, ...settings },
    ...(earlier && { task: earlier.task }),
    ...(earlier?.examples && { earlier: earlier.examples }),
  };
  return parts.learn(request, onProgress, signal);
}

/** A task has one plane and one modality. */
function checkJoins({ metadata }: TaskEntry, axis: string, modality: string): void {
  const { name } = metadata;
  if (metadata.axis !== axis) {
    throw new FewshotError(
      'bad-input',
      `“${name}” was learned on ${metadata.axis} slices; these are ${axis}.`,
      `Outline the structure on ${metadata.axis} slices, or save a new task.`,
    );
  }
  const known = taskModality(metadata);
  if (known && known !== modality) {
    throw new FewshotError(
      'bad-input',
      `“${name}” was learned on ${known}; this series is ${modality || 'of unknown modality'}.`,
      'Save a new task for this modality.',
    );
  }
}
