import {
  type Initialization,
  type IntensityWindow,
  MR_PERCENTILES,
  type PlaneName,
} from 'fewshot-sam';
import type { MethodName } from '../methods/registry';
import { SEG_ENCODINGS, SEG_FRAMES, type SegEncoding, type SegFrames } from './segEncoding';
import { filePath, methodName, readOptions, wholeNumber } from './options';
import { UsageError } from './usage';

export interface SegmentArguments {
  image: string;
  labels: string;
  /** For each structure the values of the labelmap that together are it. */
  structures: number[][];
  /** Slice indices to learn from, ascending; each shows at least one of the structures. */
  shots: number[];
  /** Slice indices on which it is absent, to learn from, ascending. */
  empty: number[];
  axis: PlaneName;
  window: IntensityWindow;
  method: MethodName;
  iterations?: number;
  initialization: Initialization;
  seed: number;
  out?: string;
  /** Of the structures, in their order; for DICOM SEG. */
  names?: string[];
  /** Of the DICOM SEG; auto unless told. */
  segEncoding?: SegEncoding;
  /** Of the DICOM SEG; used unless told. */
  segFrames?: SegFrames;
  evaluate: boolean;
  json?: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

const OPTIONS = {
  image: { type: 'string' },
  labels: { type: 'string' },
  label: { type: 'string', multiple: true },
  shots: { type: 'string' },
  empty: { type: 'string' },
  axis: { type: 'string' },
  window: { type: 'string' },
  method: { type: 'string' },
  iterations: { type: 'string' },
  init: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  name: { type: 'string', multiple: true },
  seg: { type: 'string' },
  'seg-frames': { type: 'string' },
  evaluate: { type: 'boolean' },
  json: { type: 'string' },
  model: { type: 'string' },
  cache: { type: 'string' },
} as const;

const PLANES: readonly string[] = ['axial', 'coronal', 'sagittal'] satisfies PlaneName[];

/**
 * Reads the options that follow `fewshot-sam segment`.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseSegmentArguments(args: readonly string[]): SegmentArguments {
  const values = readOptions(args, OPTIONS);
  const required = (name: 'image' | 'labels' | 'shots'): string => {
    const value = values[name];
    if (!value) throw new UsageError(`--${name} is missing.`);
    return value;
  };
  const parsed: SegmentArguments = {
    image: required('image'),
    labels: required('labels'),
    structures: structures(values.label),
    shots: shotIndices(required('shots')),
    empty: values.empty === undefined ? [] : sliceList('empty', values.empty),
    axis: planeName(values.axis ?? 'axial'),
    window: values.window === undefined ? MR_PERCENTILES : parseWindow(values.window),
    method: methodName('method', values.method ?? 'context'),
    iterations:
      values.iterations === undefined ? undefined : wholeNumber('iterations', values.iterations, 1),
    initialization: initialization(values.init),
    seed: wholeNumber('seed', values.seed ?? '0', 0),
    out: values.out === undefined ? undefined : outputFile(values.out),
    names: structureNames(values.name, values.label?.length ?? 0),
    segEncoding: segEncoding(values.seg),
    segFrames: segFrames(values['seg-frames']),
    evaluate: values.evaluate ?? false,
    json: filePath('json', values.json),
    model: filePath('model', values.model),
    cache: filePath('cache', values.cache),
  };
  checkDisjoint(parsed.shots, parsed.empty);
  if (parsed.out === undefined && !parsed.evaluate && parsed.json === undefined) {
    throw new UsageError(
      'Nothing asks for the result: give --out FILE, --evaluate or --json FILE.',
    );
  }
  return parsed;
}

/** Each `--label` is a structure of its own. */
function structures(texts: string[] | undefined): number[][] {
  if (!texts || texts.includes('')) throw new UsageError('--label is missing.');
  const all = texts.map(labelValues);
  const values = all.flat();
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice === undefined) return all;
  throw new UsageError(`--label names the value ${twice} for two structures.`);
}

export function labelValues(text: string): number[] {
  const values = text.split(',').map(part => wholeNumber('label', part, 1));
  return [...new Set(values)];
}

function shotIndices(text: string): number[] {
  const shots = sliceList('shots', text);
  if (shots.length >= 2) return shots;
  throw new UsageError(`--shots needs two or more slices, not "${text}".`);
}

/** Slice indices, ascending. */
export function sliceList(option: string, text: string): number[] {
  const indices = text.split(',').map(part => wholeNumber(option, part, 0));
  const repeated = indices.find((index, i) => indices.indexOf(index) !== i);
  if (repeated !== undefined) throw new UsageError(`--${option} names slice ${repeated} twice.`);
  return indices.sort((a, b) => a - b);
}

export function checkDisjoint(shots: readonly number[], empty: readonly number[]): void {
  const both = empty.find(index => shots.includes(index));
  if (both === undefined) return;
  throw new UsageError(`Slice ${both} is named by --shots and by --empty: it cannot be both.`);
}

export function initialization(text = 'sam'): Initialization {
  if (text === 'sam' || text === 'he') return text;
  throw new UsageError(`--init must be sam or he, not "${text}".`);
}

export function planeName(text: string): PlaneName {
  if (!PLANES.includes(text)) {
    throw new UsageError(`--axis must be ${PLANES.join(', ')}, not "${text}".`);
  }
  return text as PlaneName;
}

/** `-160,240`: modality units; `p0.5,p99.5`: percentiles. */
export function parseWindow(text: string): IntensityWindow {
  const parts = text.split(',').map(part => part.trim());
  const isPercentile = parts.every(part => part.startsWith('p'));
  const numbers = parts.map(part => {
    const digits = isPercentile ? part.slice(1) : part;
    return digits === '' ? NaN : Number(digits);
  });
  if (numbers.length !== 2 || !numbers.every(Number.isFinite)) {
    throw new UsageError(`--window must be like -160,240 or p0.5,p99.5, not "${text}".`);
  }
  const [low, high] = numbers;
  if (low >= high) {
    throw new UsageError(`--window needs the lower value first, not "${text}".`);
  }
  if (isPercentile && (low < 0 || high > 100)) {
    throw new UsageError(`--window percentiles lie between p0 and p100, not "${text}".`);
  }
  return { kind: isPercentile ? 'percentile' : 'clip', low, high };
}

function structureNames(names: string[] | undefined, structures: number): string[] | undefined {
  if (!names) return undefined;
  if (names.some(name => name.trim() === '')) throw new UsageError('--name is empty.');
  if (names.length === structures) return names.map(name => name.trim());
  throw new UsageError(
    `--name is given ${names.length} times and --label ${structures} times: each structure needs its own.`,
  );
}

export function segEncoding(text: string | undefined): SegEncoding | undefined {
  if (text === undefined) return undefined;
  if ((SEG_ENCODINGS as readonly string[]).includes(text)) return text as SegEncoding;
  throw new UsageError(`--seg must be ${SEG_ENCODINGS.join(', ')}, not "${text}".`);
}

export function segFrames(text: string | undefined): SegFrames | undefined {
  if (text === undefined) return undefined;
  if ((SEG_FRAMES as readonly string[]).includes(text)) return text as SegFrames;
  throw new UsageError(`--seg-frames must be ${SEG_FRAMES.join(' or ')}, not "${text}".`);
}

export function outputFile(text: string): string {
  if (!/\.(nii(\.gz)?|dcm)$/i.test(text)) {
    throw new UsageError(
      `--out must end with .nii or .nii.gz, or with .dcm for DICOM SEG, not "${text}".`,
    );
  }
  return text;
}
