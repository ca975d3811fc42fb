import { MR_PERCENTILES, type IntensityWindow } from '../image/slice';
import type { MethodName } from '../methods/method';
import type { PlaneName } from '../volume/plane';
import { filePath, methodName, readOptions, wholeNumber } from './options';
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
  method: MethodName;
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

/**
 * Reads the options that follow `fewshot-sam segment`.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseSegmentArguments(args: readonly string[]): SegmentArguments {
  const values = readOptions(args, OPTIONS);
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
    method: methodName('method', values.method ?? 'paper'),
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

export function labelValues(text: string): number[] {
  const values = text.split(',').map(part => wholeNumber('label', part, 1));
  return [...new Set(values)];
}

export function shotIndices(text: string): number[] {
  const shots = text.split(',').map(part => wholeNumber('shots', part, 0));
  const repeated = shots.find((shot, i) => shots.indexOf(shot) !== i);
  if (repeated !== undefined) throw new UsageError(`--shots names slice ${repeated} twice.`);
  if (shots.length < 2) {
    throw new UsageError(`--shots needs two or more slices, not "${text}".`);
  }
  return shots.sort((a, b) => a - b);
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

export function outputFile(text: string): string {
  if (/\.dcm$/i.test(text)) {
    throw new UsageError('--out cannot write DICOM SEG yet: use a file ending with .nii.gz.');
  }
  if (!/\.nii(\.gz)?$/i.test(text)) {
    throw new UsageError(`--out must end with .nii or .nii.gz, not "${text}".`);
  }
  return text;
}
