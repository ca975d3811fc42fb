import type { IntensityWindow } from 'fewshot-sam';
import { filePath, readOptions } from './options';
import type { SegEncoding, SegFrames } from './segEncoding';
import { labelValues, outputFile, parseWindow, segEncoding, segFrames } from './segmentArguments';
import { UsageError } from './usage';

export interface ApplyArguments {
  /** The task file. */
  task: string;
  image: string;
  /** `paper-context` makes slices agree with each other; `paper` leaves them as they are. */
  method: 'paper' | 'paper-context';
  /** By default the task's. */
  window?: IntensityWindow;
  out?: string;
  segEncoding?: SegEncoding;
  segFrames?: SegFrames;
  /** The truth, on every slice. */
  evaluate?: { labels: string; label: number[] };
  json?: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

const OPTIONS = {
  image: { type: 'string' },
  method: { type: 'string' },
  window: { type: 'string' },
  out: { type: 'string' },
  seg: { type: 'string' },
  'seg-frames': { type: 'string' },
  labels: { type: 'string' },
  label: { type: 'string' },
  evaluate: { type: 'boolean' },
  json: { type: 'string' },
  model: { type: 'string' },
  cache: { type: 'string' },
} as const;

/**
 * Reads what follows `fewshot-sam apply`: a task file, then options.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseApplyArguments([task, ...args]: readonly string[]): ApplyArguments {
  if (!task || task.startsWith('--')) {
    throw new UsageError('The task file is missing: fewshot-sam apply FILE --image PATH.');
  }
  const values = readOptions(args, OPTIONS);
  if (!values.image) throw new UsageError('--image is missing.');
  const parsed: ApplyArguments = {
    task,
    image: values.image,
    method: applyMethod(values.method),
    window: values.window === undefined ? undefined : parseWindow(values.window),
    out: values.out === undefined ? undefined : outputFile(values.out),
    segEncoding: segEncoding(values.seg),
    segFrames: segFrames(values['seg-frames']),
    evaluate: truth(values),
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

function applyMethod(text = 'paper-context'): ApplyArguments['method'] {
  if (text === 'paper' || text === 'paper-context') return text;
  throw new UsageError(`--method must be paper or paper-context, not "${text}".`);
}

function truth({
  evaluate = false,
  labels,
  label,
}: {
  evaluate?: boolean;
  labels?: string;
  label?: string;
}): ApplyArguments['evaluate'] {
  if (evaluate) {
    if (!labels) throw new UsageError('--evaluate needs --labels.');
    if (!label) throw new UsageError('--evaluate needs --label.');
    return { labels, label: labelValues(label) };
  }
  if (labels === undefined && label === undefined) return undefined;
  throw new UsageError('--labels and --label are used only by --evaluate, which is not given.');
}
