import type { Series } from '../viewer/series';
import type { TaskEntry } from './entry';
import { thumbnailOfSilhouette } from './silhouette';
import type { TaskSummary } from './state';
import { taskFit, taskModality } from './taskFit';
import { factsOf } from './taskStudy';

const pictures = new WeakMap<TaskEntry, TaskSummary['thumbnail']>();

/** A task as the panel lists it, with its fit to the series shown. */
export function summarizeTask(entry: TaskEntry, series: Series | null): TaskSummary {
  const { id, metadata, savedAt, color, examplesBytes } = entry;
  return {
    id,
    name: metadata.name,
    modality: taskModality(metadata) ?? '',
    plane: metadata.axis,
    slices: metadata.shots,
    studies: metadata.studies ?? null,
    leaveOneOut: metadata.leaveOneOut,
    savedAt,
    color,
    thumbnail: pictureOf(entry),
    examplesBytes,
    fit: series && taskFit(metadata, factsOf(series, metadata.axis)),
  };
}

/** One object per task: the panel redraws a picture only if the object changes. */
function pictureOf(entry: TaskEntry): TaskSummary['thumbnail'] {
  let picture = pictures.get(entry);
  if (picture === undefined) {
    picture = entry.silhouette && thumbnailOfSilhouette(entry.silhouette);
    pictures.set(entry, picture);
  }
  return picture;
}
