/** Parsers of option values. All throw a UsageError that names option and value. */
import type { Initialization, IntensityWindow, PlaneName } from 'fewshot-sam';
import { isMethodName, METHOD_NAMES, type MethodName } from '../methods/registry';
import { SEG_ENCODINGS, SEG_FRAMES, type SegEncoding, type SegFrames } from './segEncoding';
import { UsageError } from './usageError';

const PLANES: readonly string[] = ['axial', 'coronal', 'sagittal'] satisfies PlaneName[];

export function wholeNumber(option: string, text: string, minimum: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < minimum) {
    throw new UsageError(`--${option} must be a whole number from ${minimum}, not "${text}".`);
  }
  return value;
}

export function filePath(option: string, text: string): string {
  if (text === '') throw new UsageError(`--${option} is empty.`);
  return text;
}

export function methodName(option: string, text: string): MethodName {
  if (isMethodName(text)) return text;
  throw new UsageError(`--${option} must be ${METHOD_NAMES.join(', ')}, not "${text}".`);
}

/** Parses a structure: values, e.g. `5` or `2,3`, or a name as in the labels. */
export function labelValues(text: string): (number | string)[] {
  const parts = text.split(',').map(part => part.trim());
  if (parts.some(part => part === '' || /^[-+]?\d*\.\d+$|^[-+]\d+$|^0+$/.test(part))) {
    throw new UsageError(`--label must be a whole number from 1, or a name, not "${text}".`);
  }
  if (!parts.every(part => /^\d+$/.test(part))) return [text.trim()];
  return [...new Set(parts.map(part => wholeNumber('label', part, 1)))];
}

export function shotIndices(text: string): number[] {
  const shots = sliceList('shots', text);
  if (shots.length >= 2) return shots;
  throw new UsageError(`--shots needs two or more slices, not "${text}".`);
}

/** Parses slice indices, sorted ascending. */
export function sliceList(option: string, text: string): number[] {
  const indices = text.split(',').map(part => wholeNumber(option, part, 0));
  const repeated = indices.find((index, i) => indices.indexOf(index) !== i);
  if (repeated !== undefined) throw new UsageError(`--${option} lists slice ${repeated} twice.`);
  return indices.sort((a, b) => a - b);
}

export function checkDisjoint(shots: readonly number[], empty: readonly number[]): void {
  const both = empty.find(index => shots.includes(index));
  if (both === undefined) return;
  throw new UsageError(`Slice ${both} is in both --shots and --empty.`);
}

export function initialization(text: string): Initialization {
  if (text === 'sam' || text === 'he') return text;
  throw new UsageError(`--init must be sam or he, not "${text}".`);
}

export function planeName(text: string): PlaneName {
  if (!PLANES.includes(text)) {
    throw new UsageError(`--axis must be ${PLANES.join(', ')}, not "${text}".`);
  }
  return text as PlaneName;
}

/** Parses a window: `-160,240` in modality units, `p0.5,p99.5` in percentiles. */
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

export function segEncoding(text: string): SegEncoding {
  if ((SEG_ENCODINGS as readonly string[]).includes(text)) return text as SegEncoding;
  throw new UsageError(`--seg must be ${SEG_ENCODINGS.join(', ')}, not "${text}".`);
}

export function segFrames(text: string): SegFrames {
  if ((SEG_FRAMES as readonly string[]).includes(text)) return text as SegFrames;
  throw new UsageError(`--seg-frames must be ${SEG_FRAMES.join(' or ')}, not "${text}".`);
}

export function outputFile(text: string): string {
  if (!/\.(nii(\.gz)?|dcm|nrrd)$/i.test(text)) {
    throw new UsageError(
      `--out must end with .nii or .nii.gz, with .dcm for DICOM SEG or RTSTRUCT, or with .seg.nrrd, not "${text}".`,
    );
  }
  return text;
}

export function structureName(text: string): string {
  if (text.trim() === '') throw new UsageError('--name is empty.');
  return text.trim();
}

export function checkResultWanted(
  out: string | undefined,
  evaluates: boolean,
  json: string | undefined,
): void {
  if (out !== undefined || evaluates || json !== undefined) return;
  throw new UsageError('No output requested: give --out FILE, --evaluate or --json FILE.');
}
