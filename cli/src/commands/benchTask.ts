import type { BenchRow } from '../bench/benchRow';
import type { BenchCase, Study } from '../bench/suite';
import {
  FewshotError,
  type FewshotResult,
  type MethodJob,
  type OnProgress,
  type Plane,
  planeOf,
  type Volume,
} from 'fewshot-sam';
import { methodEntry, type MethodName } from '../methods/registry';
import { readVolume } from '../volume/readVolumeNode';
import { assembleMask } from './assembleMask';
import { evaluate } from './evaluate';
import { peakMemoryMb } from './machine';
import {
  cutSlices,
  labelledShots,
  prepareJob,
  sliceIndices,
  structureOn,
  type SettingNames,
} from './prepareJob';
import { readLabels } from './readLabels';
import { runMethod } from './runMethod';
import type { Machinery } from './withModel';

/** An image and its labels on the same grid. */
export interface StudyVolumes {
  image: Volume;
  labels: Volume;
}

/** What is done in a process of its own. */
export type BenchTask = ReadTask | SegmentTask;

export interface ReadTask {
  kind: 'read';
  study: Study;
}

export interface SegmentTask {
  kind: 'segment';
  case: BenchCase;
  method: MethodName;
  seed: number;
  learn: StudyVolumes;
  /** For a case across studies. */
  test?: StudyVolumes;
  machinery: Machinery;
}

/** What a segmentation adds to a row. */
export type Figures = Omit<BenchRow, 'id' | 'method' | 'seed' | 'machine' | 'date' | 'build'>;

/** How the suite names what messages speak of. */
const WITHIN: SettingNames = { shots: 'shots', label: 'label', labels: 'labels' };
const ACROSS: SettingNames = {
  shots: 'few_shot.shots',
  label: 'label',
  labels: 'few_shot.labels',
};

export async function readStudy({ image, labels }: Study): Promise<StudyVolumes> {
  const volume = await readVolume(image, 'image');
  const study = { location: image, volume };
  return {
    image: volume,
    labels: (await readLabels(labels, study, [], { option: 'labels' })).volume,
  };
}

/**
 * Segments one case with one method and compares with the truth.
 *
 * @throws FewshotError; `SuiteError` when the case itself is wrong, whatever the method
 */
export async function segmentCase(
  task: SegmentTask,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<Figures> {
  const { job, plane, study, shots } = await prepare(task).catch(error => {
    if (error instanceof FewshotError) throw new SuiteError(error);
    throw error;
  });
  const { label } = task.case;
  if (methodEntry(task.method).needsTruth)
    job.truth = structureOn(study.labels, plane, label, job.targets);

  const { result, backend } = await runMethod(task.method, job, task.machinery, onProgress, signal);
  // Measured before the evaluation, which is not the method's.
  const peak = peakMemoryMb();
  const drawn = task.case.kind === 'within' ? job.labels : new Map();
  const mask = assembleMask(drawn, result.slices, study.image, plane);
  const evaluation = evaluate(mask, study.labels, plane, label, shots);
  const { expectedDice, slices } = result;
  const confidences = new Map(slices.map(({ index, confidence }) => [index, confidence]));
  checkNumbers([expectedDice, ...confidences.values()]);
  return {
    iou: evaluation.iou,
    dice: evaluation.dice,
    assd_mm: evaluation.assdMm,
    hd95_mm: evaluation.hd95Mm,
    accepted_unchanged: evaluation.accepted,
    ...seconds(result),
    slices: evaluation.perSlice.length,
    embeddings_from_cache: result.embeddingsFromCache,
    peak_rss_mb: peak,
    backend,
    per_slice: evaluation.perSlice.map(({ index, truth, predicted, intersection }) => ({
      index,
      truth,
      predicted,
      intersection,
      // Undefined vanishes in JSON.
      confidence: confidences.get(index),
    })),
    expected_dice: expectedDice,
  };
}

/** A case that no method can do, because its shots or labels are not there. */
export class SuiteError extends FewshotError {
  constructor(cause: FewshotError) {
    super(cause.code, cause.message, cause.remedy, { cause });
  }
}

interface Prepared {
  job: MethodJob;
  /** The study that is segmented, and how it is cut. */
  study: StudyVolumes;
  plane: Plane;
  /** Slices of that study that are labelled and so not tested. */
  shots: readonly number[];
}

async function prepare({ case: given, seed, learn, test }: SegmentTask): Promise<Prepared> {
  const { axis, label, shots, window } = given;
  const plane = planeOf(learn.image, axis);
  if (!test) {
    const settings = { label, shots, window, seed };
    const job = await prepareJob(learn.image, learn.labels, plane, settings, WITHIN);
    return { job, study: learn, plane, shots };
  }
  const labels = labelledShots(learn.labels, plane, label, { shots }, ACROSS);
  const testPlane = planeOf(test.image, axis);
  const job: MethodJob = {
    slices: await cutSlices(learn.image, plane),
    labels,
    targets: sliceIndices(testPlane),
    window,
    seed,
    test: {
      slices: await cutSlices(test.image, testPlane),
      window,
      sliceSpacing: testPlane.sliceSpacing,
    },
  };
  return { job, study: test, plane: testPlane, shots: [] };
}

function checkNumbers(values: readonly (number | undefined)[]): void {
  const wrong = values.find(value => value !== undefined && !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new FewshotError(
    'bad-result',
    `A confidence or the expected Dice is ${wrong}.`,
    'This is a fault of the method: please report it.',
  );
}

function seconds({ seconds: { encode, fit, propagate } }: FewshotResult) {
  const rounded = (value: number) => Number(value.toFixed(3));
  return { encode_s: rounded(encode), fit_s: rounded(fit), apply_s: rounded(propagate) };
}
