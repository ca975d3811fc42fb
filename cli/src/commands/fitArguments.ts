import { MR_PERCENTILES, type IntensityWindow } from 'fewshot-sam/image/slice';
import type { Initialization } from 'fewshot-sam/job/job';
import type { PlaneName } from 'fewshot-sam/geometry/plane';
import { filePath, readOptions, wholeNumber } from './options';
import {
  checkDisjoint,
  initialization,
  labelValues,
  parseWindow,
  planeName,
  sliceList,
} from './segmentArguments';
import { UsageError } from './usage';

/** A study to learn from. */
export interface FitStudy {
  image: string;
  labels: string;
  /** Slice indices that show the structure, ascending. */
  shots: number[];
  /** Slice indices on which it is absent, ascending. */
  empty: number[];
}

export interface FitArguments {
  studies: FitStudy[];
  /** Values of the labelmap that together are the structure. */
  label: number[];
  /** Of the structure. */
  name: string;
  axis: PlaneName;
  window: IntensityWindow;
  iterations?: number;
  initialization: Initialization;
  seed: number;
  /** The task file. */
  out: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

const OPTIONS = {
  image: { type: 'string', multiple: true },
  labels: { type: 'string', multiple: true },
  label: { type: 'string' },
  shots: { type: 'string', multiple: true },
  empty: { type: 'string', multiple: true },
  name: { type: 'string' },
  axis: { type: 'string' },
  window: { type: 'string' },
  iterations: { type: 'string' },
  init: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  model: { type: 'string' },
  cache: { type: 'string' },
} as const;

/**
 * Reads the options that follow `fewshot-sam fit`.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseFitArguments(args: readonly string[]): FitArguments {
  const values = readOptions(args, OPTIONS);
  const required = (name: 'label' | 'out'): string => {
    const value = values[name];
    if (!value) throw new UsageError(`--${name} is missing.`);
    return value;
  };
  const studies = fitStudies(values);
  const label = labelValues(required('label'));
  return {
    studies,
    label,
    name: values.name === undefined ? `label ${label.join('+')}` : structureName(values.name),
    axis: planeName(values.axis ?? 'axial'),
    window: values.window === undefined ? MR_PERCENTILES : parseWindow(values.window),
    iterations:
      values.iterations === undefined ? undefined : wholeNumber('iterations', values.iterations, 1),
    initialization: initialization(values.init),
    seed: wholeNumber('seed', values.seed ?? '0', 0),
    out: taskFile(required('out')),
    model: filePath('model', values.model),
    cache: filePath('cache', values.cache),
  };
}

/** The n-th `--image`, `--labels` and `--shots` belong together. `--empty` may be left out. */
function fitStudies(values: {
  image?: string[];
  labels?: string[];
  shots?: string[];
  empty?: string[];
}): FitStudy[] {
  const { image = [], empty } = values;
  for (const name of ['image', 'labels', 'shots'] as const) {
    const given = values[name] ?? [];
    if (given.length === 0 || given.includes('')) throw new UsageError(`--${name} is missing.`);
    if (given.length !== image.length) throw unequal(name, given.length, image.length);
  }
  if (empty && empty.length !== image.length) throw unequal('empty', empty.length, image.length);
  const studies = image.map((path, i) => {
    const shots = sliceList('shots', values.shots![i]);
    const absent = empty?.[i] ? sliceList('empty', empty[i]) : [];
    checkDisjoint(shots, absent);
    return { image: path, labels: values.labels![i], shots, empty: absent };
  });
  const count = studies.reduce((sum, { shots }) => sum + shots.length, 0);
  if (count < 2) {
    throw new UsageError(
      `--shots needs two or more slices, of one study or of several, not "${values.shots}".`,
    );
  }
  return studies;
}

function unequal(name: string, given: number, images: number): UsageError {
  return new UsageError(
    `--${name} is given ${given} times and --image ${images} times: each study needs its own.`,
  );
}

function structureName(text: string): string {
  if (text.trim() === '') throw new UsageError('--name is empty.');
  return text.trim();
}

function taskFile(text: string): string {
  if (/\.task$/i.test(text)) return text;
  throw new UsageError(`--out must end with .task, not "${text}".`);
}
