import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import {
  FewshotError,
  keepNotes,
  type Plane,
  type PropagatedSlice,
  resolveWindow,
  throwIfCancelled,
  type Volume,
} from 'fewshot-sam';
import { pooledDice, softDice, type Task } from 'fewshot-sam/compute';
import { derivedUid, type NaturalizedDataset, storeSegmentation, textOf } from 'fewshot-sam-dicom';
import { readDicomSeries } from 'fewshot-sam-dicom/node';
import { applyToVolume } from '../commands/applyToVolume';
import { readSourceSeries } from '../commands/sourceSeries';
import { type LoadedModel, withMemory } from '../commands/withModel';
import { encodeSeg } from '../commands/writeResult';
import { writeFileAside } from '../files/writeFileAside';
import { ArchiveError, type DicomWeb } from './dicomweb';
import { parseQuery } from './query';
import {
  type CohortRow,
  type CohortSpec,
  type CohortStudy,
  type CohortTask,
  emptyRow,
  type FailureKind,
} from './rows';
import { pictureOf } from './picture';
import { selectSeries, type TaskNeeds } from './selectSeries';
import type { SeriesFacts } from './seriesFacts';
import type { StudySource } from './source';

/** mm3 in a mL. */
const ML = 1000;

/** A task that is ready to be applied. */
export type LoadedTask = CohortTask & { task: Task };

/** What `segmentStudy` needs beside the study. */
export interface StudyTools {
  spec: CohortSpec;
  tasks: readonly LoadedTask[];
  loaded: LoadedModel;
  source: StudySource;
  /** Where results are stored, if the cohort stores. */
  archive?: DicomWeb;
  /** Folder of the cohort, where results are written otherwise. */
  out?: string;
  /** Folder for temporary files of patients' images. */
  work: string;
}

/**
 * Applies all tasks to one study: chooses a series for each, fetches each series once, encodes each slice
 * once for all tasks with the same view, and stores or writes the segmentations. What belongs to one task,
 * such as images that it cannot segment, fails in its row alone.
 *
 * @returns a row per task
 * @throws ArchiveError if the archive fails; FewshotError `cancelled`
 */
export async function segmentStudy(
  study: CohortStudy,
  tools: StudyTools,
  signal: AbortSignal,
): Promise<CohortRow[]> {
  const { spec, tasks, source, work } = tools;
  const filters = spec.seriesFilters.flatMap(
    ({ keyword, value }) => parseQuery(new URLSearchParams([[keyword, value]]).toString()).series,
  );
  const all = await source.series(study.uid, signal);
  const rows = new Map<CohortTask, CohortRow>();
  const chosen = new Map<SeriesFacts, { task: LoadedTask; notes: string[] }[]>();
  for (const task of tasks) {
    const selected = selectSeries(all, needsOf(task, spec), { ...spec, filters });
    if (selected.series) {
      const wanting = chosen.get(selected.series) ?? [];
      chosen.set(selected.series, [...wanting, { task, notes: selected.notes }]);
    } else {
      rows.set(task, { ...emptyRow(study, task, 'passed-over'), reason: selected.reason });
    }
  }
  for (const [series, wanting] of chosen) {
    await mkdir(work, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(path.join(work, 'series-'));
    const failed = (task: CohortTask, kind: FailureKind, error: FewshotError) => {
      const reason = error.message.replaceAll(` ${folder}`, '').replaceAll(folder, '');
      const row = { ...emptyRow(study, task, 'failed'), series: series.uid, kind, reason };
      rows.set(task, row);
    };
    try {
      await source.fetch(study.uid, series, folder, signal);
      const { notes, note } = keepNotes(() => undefined);
      let images: SeriesImages;
      try {
        const volume = await readDicomSeries(folder, 'The series', note);
        const sources = await readSourceSeries(folder);
        images = { study, series, volume, sources, notes };
      } catch (error) {
        if (!isOfImages(error)) throw error;
        for (const { task } of wanting) failed(task, 'images', error);
        continue;
      }
      const parts = withMemory(tools.loaded);
      for (const { task, notes: choice } of wanting) {
        throwIfCancelled(signal);
        try {
          const row = await segmentSeries(images, task, { ...tools, loaded: parts }, signal);
          rows.set(task, { ...row, notes: [...choice, ...row.notes] });
        } catch (error) {
          if (error instanceof ResultError) failed(task, 'archive', error);
          else if (isOfImages(error)) failed(task, 'images', error);
          else if (isOfResult(error)) failed(task, 'result', error);
          else throw error;
        }
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
  return tasks.map(task => rows.get(task)!);
}

/** `--modality` counts more than what the task knows of itself. */
function needsOf({ task: { metadata } }: LoadedTask, { modality }: CohortSpec): TaskNeeds {
  return modality === undefined ? metadata : { ...metadata, modality };
}

interface SeriesImages {
  study: CohortStudy;
  series: SeriesFacts;
  volume: Volume;
  /** One per slice of the volume. */
  sources: NaturalizedDataset[];
  notes: readonly string[];
}

/** The archive refused a segmentation for good. */
class ResultError extends FewshotError {}

const isOfImages = (error: unknown): error is FewshotError =>
  error instanceof FewshotError &&
  !(error instanceof ArchiveError) &&
  ['bad-input', 'bad-geometry'].includes(error.code);

const isOfResult = (error: unknown): error is FewshotError =>
  error instanceof FewshotError && !(error instanceof ArchiveError) && error.code === 'bad-result';

async function segmentSeries(
  { study, series, volume, sources, notes: readNotes }: SeriesImages,
  { task, ...named }: LoadedTask,
  { spec, loaded, archive, out }: StudyTools,
  signal: AbortSignal,
): Promise<CohortRow> {
  const start = performance.now();
  const notes = [...readNotes];
  const uids = await segUids(spec, named, series, sources);
  const instance = {
    StudyInstanceUID: study.uid,
    SeriesInstanceUID: uids.series,
    SOPInstanceUID: uids.instance,
  };
  const connection = spec.store ? archive?.connection() : undefined;
  // The figures are computed all the same: whoever stored it may have ended before it reported them.
  const isThere = connection ? await connection.find(instance, signal) : 'missing';
  if (isThere === 'unknown') {
    throw new ArchiveError(
      'The archive cannot be asked whether it already has the segmentation.',
      'Check that it runs and answers searches (QIDO-RS).',
      0,
    );
  }
  const { applied, plane, slices, structure } = await applyToVolume(
    task,
    volume,
    spec,
    loaded.parts,
    { signal },
  );
  const { file, dataset } = encodeSeg([structure], sources, {
    geometry: volume,
    encoding: spec.seg,
    uids,
  });
  let place: string | null = null;
  if (connection && isThere === 'missing') {
    const stored = await storeSegmentation(
      connection,
      file.buffer,
      {
        ...instance,
        SeriesDescription: textOf(dataset, 'SeriesDescription'),
        SeriesDate: textOf(dataset, 'SeriesDate'),
        SeriesTime: textOf(dataset, 'SeriesTime'),
      },
      // Another worker may have stored it meanwhile: ask again.
      { signal, sentBefore: true },
    ).catch((error: unknown) => {
      throw storeError(error);
    });
    if (stored === 'accepted') {
      notes.push('The archive confirmed the segmentation but does not list it yet.');
    } else if (typeof stored === 'object') {
      notes.push('The archive gave the segmentation UIDs of its own.');
      uids.series = stored.SeriesInstanceUID ?? uids.series;
      uids.instance = stored.SOPInstanceUID ?? uids.instance;
    }
  } else if (connection) {
    notes.push('The archive already had this segmentation.');
  } else if (out !== undefined) {
    place = path.posix.join('segmentations', `${uids.series}.dcm`);
    await mkdir(path.join(out, 'segmentations'), { recursive: true });
    await writeFileAside('--out', path.join(out, place), file);
  }
  const window = resolveWindow(spec.window ?? task.metadata.window, slices);
  return {
    ...emptyRow(study, named, connection ? 'stored' : 'written'),
    series: series.uid,
    volumeMl: volumeMl(applied.slices, plane),
    expectedDice: expectedDice(applied),
    slices: applied.slices.length,
    slicesWithStructure: applied.slices.filter(({ mask }) => mask.includes(1)).length,
    embeddingsFromCache: applied.embeddingsFromCache,
    file: place,
    segSeries: uids.series,
    segInstance: uids.instance,
    notes,
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    backend: loaded.backend,
    picture: pictureOf(slices, applied.slices, window),
  };
}

/**
 * UIDs of a SEG, derived from all that decides its content: task, images of the series, settings and
 * version. The same work gives the same UIDs on every machine, so that it is stored once.
 */
async function segUids(
  { version, method, window, seg }: CohortSpec,
  { sha256 }: CohortTask,
  { uid, instances }: SeriesFacts,
  sources: readonly NaturalizedDataset[],
): Promise<{ series: string; instance: string }> {
  const read = new Set(sources.map(source => textOf(source, 'SOPInstanceUID')));
  if (read.size !== instances.length || !instances.every(instance => read.has(instance))) {
    throw new FewshotError(
      'bad-input',
      `The series has ${instances.length} images, of which ${read.size} could be used.`,
      'Check that the series holds images of one stack only.',
    );
  }
  const name = JSON.stringify([
    version,
    sha256,
    uid,
    instances,
    method ?? null,
    window ?? null,
    seg ?? null,
  ]);
  return {
    series: await derivedUid(`series ${name}`),
    instance: await derivedUid(`instance ${name}`),
  };
}

/** Errors of storing that may pass are those of the archive; others belong to the segmentation. */
function storeError(error: unknown): unknown {
  if (!(error instanceof FewshotError) || error.code === 'cancelled') return error;
  const isTransient = /did not answer|too busy|HTTP 5\d\d|could not be sent/.test(error.message);
  const [message, remedy] = [error.message, error.remedy];
  return isTransient
    ? new ArchiveError(message, remedy, 0, { cause: error })
    : new ResultError('bad-result', message, remedy, { cause: error });
}

/** Volume of the masks; where slices are unevenly spaced, each reaches halfway to its neighbors. */
export function volumeMl(
  slices: readonly Pick<PropagatedSlice, 'index' | 'mask'>[],
  plane: Pick<Plane, 'rowSpacing' | 'columnSpacing' | 'sliceSpacing' | 'slicePositions'>,
): number {
  const { rowSpacing, columnSpacing, sliceSpacing, slicePositions: at } = plane;
  const thickness = (i: number) => {
    if (!at) return sliceSpacing;
    const [before, after] = [at[i - 1] ?? at[i], at[i + 1] ?? at[i]];
    const sides = Number(i > 0) + Number(i < at.length - 1);
    return Math.abs(after - before) / sides;
  };
  const mm3 = slices.reduce((sum, { index, mask }) => {
    const pixels = mask.reduce((count, value) => count + value, 0);
    return sum + pixels * rowSpacing * columnSpacing * thickness(index);
  }, 0);
  return Number((mm3 / ML).toFixed(3));
}

/**
 * Dice that is expected of all slices together: what the method says, else what its probabilities imply.
 * Slices with more of the structure count more.
 *
 * @returns null where nothing was found
 */
export function expectedDice({
  slices,
  expectedDice: told,
}: {
  slices: readonly Pick<PropagatedSlice, 'mask' | 'confidence' | 'probability'>[];
  expectedDice?: number;
}): number | null {
  if (told !== undefined) return Number(told.toFixed(3));
  const implied = pooledDice(
    slices.map(({ mask, confidence, probability }) => ({
      mask,
      confidence: confidence ?? softDice(probability()) ?? undefined,
    })),
  );
  return implied === undefined ? null : Number(implied.toFixed(3));
}
