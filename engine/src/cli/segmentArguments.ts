import { parseArgs } from 'node:util';
import { MR_PERCENTILES, type IntensityWindow } from '../image/slice';
import type { PlaneName } from '../volume/plane';
import { UsageError } from './usage';

export interface SegmentArguments {
  image: string;
  labels: string;
  /** Values of the labelmap that together are the structure. */
  label: number[];
  /** Slice indices to learn from, ascending. */
  shots: number[];
  axis: PlaneName;
  window: IntensityWindow;
  method: 'paper';
  iterations?: number;
  seed: number;
  out?: string;
  evaluate: boolean;
  json?: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

const OPTIONS = {
  image: { type: 'string' },
  labels: { type: 'string' },
  label: { type: 'string' },
  shots: { type: 'string' },
  axis: { type: 'string' },
  window: { type: 'string' },
  method: { type: 'string' },
  iterations: { type: 'string' },
  seed: { type: 'string' },
  out: { type: 'string' },
  evaluate: { type: 'boolean' },
  json: { type: 'string' },
  model: { type: 'string' },
  cache: { type: 'string' },
} as const;

const PLANES: readonly string[] = ['axial', 'coronal', 'sagittal'] satisfies PlaneName[];
/** Promised, not there yet. */
const LATER_METHODS = ['context', 'interpolate', 'prototype', 'linear', 'sam-point', 'sam-box'];

/**
 * Reads the options that follow `fewshot-sam segment`.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseSegmentArguments(args: readonly string[]): SegmentArguments {
  const values = readOptions(args);
  const required = (name: 'image' | 'labels' | 'label' | 'shots'): string => {
    const value = values[name];
    if (!value) throw new UsageError(`--${name} is missing.`);
    return value;
  };
  const parsed: SegmentArguments = {
    image: required('image'),
    labels: required('labels'),
    label: labelValues(required('label')),
    shots: shotIndices(required('shots')),
    axis: planeName(values.axis ?? 'axial'),
    window: values.window === undefined ? MR_PERCENTILES : parseWindow(values.window),
    method: methodName(values.method ?? 'paper'),
    iterations:
      values.iterations === undefined ? undefined : wholeNumber('iterations', values.iterations, 1),
    seed: wholeNumber('seed', values.seed ?? '0', 0),
    out: values.out === undefined ? undefined : outputFile(values.out),
    evaluate: values.evaluate ?? false,
    json: filePath('json', values.json),
    model: filePath('model', values.model),
    cache: filePath('cache', values.cache),
  };
  if (parsed.out === undefined && !parsed.evaluate && parsed.json === undefined) {
    throw new UsageError(
      'Nothing asks for the result: give --out FILE, --evaluate or --json FILE.',
    );
  }
  return parsed;
}

function readOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: joinNegativeValues(args),
      options: OPTIONS,
      allowPositionals: true,
    });
    if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" belongs to no option.`);
    return values;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message.split('\n')[0], { cause: error });
  }
}

/** parseArgs takes `--window -160,240` for two options: joins what begins like a negative number. */
function joinNegativeValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const last = joined.at(-1);
    if (/^-[\d.]/.test(argument) && last?.startsWith('--') && !last.includes('=')) {
      joined[joined.length - 1] = `${last}=${argument}`;
    } else {
      joined.push(argument);
    }
  }
  return joined;
}

function wholeNumber(option: string, text: string, minimum: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < minimum) {
    throw new UsageError(`--${option} must be a whole number from ${minimum}, not "${text}".`);
  }
  return value;
}

function labelValues(text: string): number[] {
  const values = text.split(',').map(part => wholeNumber('label', part, 1));
  return [...new Set(values)];
}

function shotIndices(text: string): number[] {
  const shots = text.split(',').map(part => wholeNumber('shots', part, 0));
  const repeated = shots.find((shot, i) => shots.indexOf(shot) !== i);
  if (repeated !== undefined) throw new UsageError(`--shots names slice ${repeated} twice.`);
  if (shots.length < 2) {
    throw new UsageError(`--shots needs two or more slices, not "${text}".`);
  }
  return shots.sort((a, b) => a - b);
}

function planeName(text: string): PlaneName {
  if (!PLANES.includes(text)) {
    throw new UsageError(`--axis must be ${PLANES.join(', ')}, not "${text}".`);
  }
  return text as PlaneName;
}

function methodName(text: string): 'paper' {
  if (LATER_METHODS.includes(text)) {
    throw new UsageError(`--method ${text} is not available yet: use --method paper.`);
  }
  if (text !== 'paper') throw new UsageError(`--method must be paper, not "${text}".`);
  return text;
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

function outputFile(text: string): string {
  if (/\.dcm$/i.test(text)) {
    throw new UsageError('--out cannot write DICOM SEG yet: use a file ending with .nii.gz.');
  }
  if (!/\.nii(\.gz)?$/i.test(text)) {
    throw new UsageError(`--out must end with .nii or .nii.gz, not "${text}".`);
  }
  return text;
}

function filePath(option: string, text: string | undefined): string | undefined {
  if (text === '') throw new UsageError(`--${option} is empty.`);
  return text;
}
