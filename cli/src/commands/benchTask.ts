import type { BenchRow } from '../bench/benchRow';
import { emptySlices } from '../bench/emptySlices';
import {
  type AcrossCase,
  type BenchCase,
  type Study,
  wantedOf,
  type WithinCase,
} from '../bench/suite';
import { figuresOf, type EvaluatedStudy } from './benchFigures';
import {
  FewshotError,
  type FewshotResult,
  type FewshotStudy,
  type MethodJob,
  type OnProgress,
  type Plane,
  planeOf,
  type Slice,
  throwIfCancelled,
  type Volume,
} from 'fewshot-sam';
import { readImage } from '../images/imageSet';
import { readMaskValues } from '../images/masks';
import { methodEntry, type MethodName } from '../methods/registry';
import { readVolume } from '../volume/readVolumeNode';
import { assembleMask } from './assembleMask';
import { evaluate } from './evaluate';
import { peakMemoryMb } from './machine';
import {
  cutSlices,
  labeledShots,
  prepareJob,
  sliceIndices,
  structureOn,
  type SettingNames,
} from './prepareJob';
import { readLabels } from './readLabels';
import type { Wanted } from './resolveStructures';
import { runAcross, runMethod } from './runMethod';
import type { Machinery } from './withModel';

/** An image and its labels on the same grid. */
export interface StudyVolumes {
  image: Volume;
  labels: Volume;
  /** Values of the case's structure in the labels. */
  label: number[];
  /** A single image, whose colors a volume does not hold. */
  single?: { slice: Slice; plane: Plane };
}

/** A task for a separate process. */
export type BenchTask = ReadTask | SegmentTask;

export interface ReadTask {
  kind: 'read';
  study: Study;
  label: Wanted;
}

export interface SegmentTask {
  kind: 'segment';
  case: BenchCase;
  method: MethodName;
  seed: number;
  /** The study of a case within one study. Studies of other cases are read one at a time, when needed. */
  learn?: StudyVolumes;
  machinery: Machinery;
}

/** The figures that a segmentation adds to a row. */
export type Figures = Omit<BenchRow, 'id' | 'method' | 'seed' | 'machine' | 'date' | 'build'>;

/** Reads an image and its labels. @param field of the suite, begins messages, e.g. `test[2].` */
export async function readStudy(
  { image, labels }: Study,
  field = '',
  label?: Wanted,
  isImage = false,
): Promise<StudyVolumes> {
  if (isImage) return readImageStudy({ image, labels }, field, label);
  const volume = await readVolume(image, `${field}image`);
  const study = { location: image, volume };
  const read = await readLabels(labels, study, label ? [label] : [], {
    option: `${field}labels`,
    labelOption: 'label',
  });
  return { image: volume, labels: read.volume, label: read.structures[0] ?? [] };
}

/** Reads a single image and its mask, as volumes of one slice. */
async function readImageStudy(
  { image, labels }: Study,
  field: string,
  label: Wanted = [],
): Promise<StudyVolumes> {
  const { slice } = await readImage({ file: image, stem: '' }, 0, `${field}image`);
  const { rows, columns, rowSpacing, columnSpacing, pixels } = slice;
  const values = await readMaskValues({ file: labels, stem: '' }, slice, `${field}labels`);
  const geometry: Omit<Volume, 'data'> = {
    size: [columns, rows, 1],
    spacing: [columnSpacing, rowSpacing, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  return {
    image: { ...geometry, data: Float32Array.from(pixels) },
    labels: { ...geometry, data: values },
    label: label.filter(value => typeof value === 'number'),
    single: {
      slice,
      plane: {
        name: 'axial',
        normal: 2,
        slices: 1,
        row: { axis: 1, reversed: false },
        column: { axis: 0, reversed: false },
        ...{ rows, columns, rowSpacing, columnSpacing, sliceSpacing: 1 },
      },
    },
  };
}

/** Returns the names of settings in messages, by their fields in the suite. */
function settingNames(field = ''): SettingNames {
  return {
    shots: `${field}shots`,
    label: 'label',
    labels: `${field}labels`,
    empty: `${field}empty`,
  };
}

/** Returns the field prefix of a study, e.g. `few_shot[2].`; without a number if it is the only one. */
export function studyField(name: 'few_shot' | 'test', index: number, count: number): string {
  return count === 1 ? `${name}.` : `${name}[${index}].`;
}

/**
 * Segments one case with one method and compares with the truth.
 *
 * @throws FewshotError; `SuiteError` when the case itself is invalid, whatever the method
 */
export function segmentCase(
  task: SegmentTask,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Figures> {
  return task.case.kind === 'within'
    ? segmentWithin(task, task.case, onProgress, signal)
    : segmentAcross(task, task.case, onProgress, signal);
}

async function segmentWithin(
  { method, seed, learn, machinery }: SegmentTask,
  { axis, shots, window }: WithinCase,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Figures> {
  const study = learn!;
  const { label } = study;
  const plane = planeOf(study.image, axis);
  const settings = { label, shots, window, seed };
  const job: MethodJob = await ofSuite(() =>
    prepareJob(study.image, study.labels, plane, settings, settingNames()),
  );
  if (methodEntry(method).needsTruth)
    job.truth = structureOn(study.labels, plane, label, job.targets);
  const { result, backend } = await runMethod(method, job, machinery, onProgress, signal);
  // Measure before the evaluation, which is not part of the method.
  const peak = peakMemoryMb();
  const mask = assembleMask(job.labels, result.slices, study.image, plane);
  const evaluation = evaluate(mask, study.labels, plane, label, shots);
  return {
    ...figuresOf([{ evaluation, ...result }]),
    ...seconds(result.seconds),
    embeddings_from_cache: result.embeddingsFromCache,
    peak_rss_mb: peak,
    backend,
  };
}

/** Learns once, then segments one patient at a time, so that only one is in memory. */
async function segmentAcross(
  { method, seed, machinery }: SegmentTask,
  one: AcrossCase,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Figures> {
  const { axis, window, fewShot, test, images = false } = one;
  const wanted = wantedOf(one);
  const studies: FewshotStudy[] = [];
  for (const [i, { shots, empty, ...study }] of fewShot.entries()) {
    throwIfCancelled(signal);
    const field = studyField('few_shot', i, fewShot.length);
    const { image, labels, label, single } = await ofSuite(() =>
      readStudy(study, field, wanted, images),
    );
    const plane = single?.plane ?? planeOf(image, axis);
    const names = settingNames(field);
    const drawn = await ofSuite(() => {
      // An image without the structure teaches its absence.
      if (single) return structureOn(labels, plane, label, [0]);
      const absent = typeof empty === 'number' ? chosen(labels, plane, label, empty) : empty;
      return labeledShots(labels, plane, label, { shots, empty: absent }, names);
    });
    const slices = single ? [single.slice] : await cutSlices(image, plane);
    studies.push({ slices, labels: drawn, window });
  }
  const settings = { seed, images };
  return runAcross(method, studies, settings, machinery, onProgress, signal, async learned => {
    const spent = { ...learned.seconds, propagate: 0 };
    let fromCache = learned.embeddingsFromCache;
    let peak = 0;
    const patients: EvaluatedStudy[] = [];
    for (const [i, study] of test.entries()) {
      throwIfCancelled(signal);
      const volumes = await ofSuite(() =>
        readStudy(study, studyField('test', i, test.length), wanted, images),
      );
      const { single } = volumes;
      const plane = single?.plane ?? planeOf(volumes.image, axis);
      const applied = await learned.segment({
        slices: single ? [single.slice] : await cutSlices(volumes.image, plane),
        window,
        sliceSpacing: plane.sliceSpacing,
        truth: structureOn(volumes.labels, plane, volumes.label, sliceIndices(plane)),
      });
      peak = peakMemoryMb();
      spent.encode += applied.seconds.encode;
      spent.propagate += applied.seconds.propagate;
      fromCache += applied.embeddingsFromCache;
      const mask = assembleMask(new Map(), applied.slices, volumes.image, plane);
      const evaluation = evaluate(mask, volumes.labels, plane, volumes.label, []);
      patients.push({ evaluation, ...applied });
    }
    return {
      ...figuresOf(patients),
      ...seconds(spent),
      embeddings_from_cache: fromCache,
      peak_rss_mb: peak,
      backend: learned.backend,
    };
  });
}

/** Slices without the structure that a study teaches. */
function chosen(labels: Volume, plane: Plane, label: readonly number[], count: number): number[] {
  const masks = structureOn(labels, plane, label, sliceIndices(plane));
  const shows = sliceIndices(plane).map(index => masks.get(index)!.includes(1));
  return emptySlices(shows, count);
}

/** An invalid case that no method can do, because its shots or labels are missing. */
export class SuiteError extends FewshotError {
  constructor(cause: FewshotError) {
    super(cause.code, cause.message, cause.remedy, { cause });
  }
}

/** Turns errors into `SuiteError`: they are faults of the suite, whatever the method. */
async function ofSuite<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof FewshotError) throw new SuiteError(error);
    throw error;
  }
}

function seconds({ encode, fit, propagate }: FewshotResult['seconds']) {
  const rounded = (value: number) => Number(value.toFixed(3));
  return { encode_s: rounded(encode), fit_s: rounded(fit), apply_s: rounded(propagate) };
}
