import type { Command } from 'commander';
import type { Initialization, IntensityWindow, PlaneName } from 'fewshot-sam';
import type { TaskMethod } from 'fewshot-sam/compute';
import {
  createCommand,
  EMPTY,
  IMAGE,
  LABELS,
  option,
  readCommand,
  required,
  severalTimes,
  SHARED,
  SHOTS,
} from './options';
import { UsageError } from './usageError';
import { checkDisjoint, labelValues, sliceList, structureName } from './values';

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
  /** Labelmap values that together make up the structure. */
  label: (number | string)[];
  /** Name of the structure. */
  name: string;
  axis: PlaneName;
  window: IntensityWindow;
  /** Default: by the number of studies, see `fitMethod`. */
  method?: TaskMethod;
  iterations?: number;
  /** Of `paper`. */
  initialization: Initialization;
  seed: number;
  /** The task file. */
  out: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

interface Values {
  image: string[];
  labels: string[];
  label: (number | string)[];
  shots: number[][];
  empty?: number[][];
  name?: string;
  axis: PlaneName;
  window: IntensityWindow;
  method?: TaskMethod;
  iterations?: number;
  init: Initialization;
  seed: number;
  out: string;
  model?: string;
  cache?: string;
}

export function fitCommand(): Command {
  return createCommand(
    'fit',
    'Learns a structure from labeled slices and writes a task file, which apply uses on other studies. For several studies, give --image, --labels and --shots (and --empty) once for each, in the same order. At least one slice per study and two in total are required. A task that finds nothing on its own shots is refused.',
  )
    .usage(
      '--image PATH --labels PATH --label N[,N...] --shots K,K[,K...] --out FILE.task [options]',
    )
    .addOption(severalTimes('--image <path>', IMAGE, text => required('image', text)))
    .addOption(severalTimes('--labels <path>', LABELS, text => required('labels', text)))
    .addOption(
      option(
        '--label <n,...>',
        'value of the structure in the labelmap, or its name where the labels have names; several values are merged into one',
        labelValues,
      ),
    )
    .addOption(
      severalTimes('--shots <k,...>', SHOTS, text => sliceList('shots', required('shots', text))),
    )
    .addOption(
      severalTimes('--empty <k,...>', EMPTY, text => (text ? sliceList('empty', text) : [])),
    )
    .addOption(option('--name <name>', 'name of the structure (default: label N)', structureName))
    .addOption(SHARED.axis())
    .addOption(SHARED.window())
    .addOption(
      option(
        '--method <name>',
        "paper: SAM's mask decoder, fine-tuned, better from one or two studies; head: small convolutional heads on the encoder's features, better from three studies on, and quicker (default: by the number of studies)",
        taskMethod,
      ),
    )
    .addOption(SHARED.iterations())
    .addOption(SHARED.init())
    .addOption(SHARED.seed())
    .addOption(
      option(
        '--out <file.task>',
        'task file, to apply to other studies; contains no images',
        taskFile,
      ),
    )
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Parses the options of `fewshot-sam fit`.
 *
 * @throws UsageError naming the option and the invalid value
 */
export function parseFitArguments(args: readonly string[]): FitArguments {
  const { image, labels, shots, empty, init, name, ...values } = readCommand<Values>(
    fitCommand(),
    args,
    ['image', 'labels', 'shots', 'label', 'out'],
  );
  const studies = fitStudies(image, labels, shots, empty);
  if (fitMethod({ ...values, studies }) === 'head' && init !== 'sam') {
    throw new UsageError('--init is for --method paper: heads start from random weights.');
  }
  return {
    ...values,
    studies,
    name: name ?? defaultName(values.label),
    initialization: init,
  };
}

/** From one patient the decoder finds more in others, from several the heads do; see docs/tasks.md. */
const FEWEST_FOR_HEADS = 3;

/** The method that a task is learned with. */
export function fitMethod({
  method,
  studies,
}: Pick<FitArguments, 'method' | 'studies'>): TaskMethod {
  return method ?? (studies.length >= FEWEST_FOR_HEADS ? 'head' : 'paper');
}

/** Returns the structure's own name, if it was asked for by name. */
function defaultName(label: readonly (number | string)[]): string {
  const isNamed = label.some(part => typeof part === 'string');
  return isNamed ? label.join(' + ') : `label ${label.join('+')}`;
}

/** Groups the n-th `--image`, `--labels` and `--shots` into a study. `--empty` is optional. */
function fitStudies(
  image: readonly string[],
  labels: readonly string[],
  shots: readonly number[][],
  empty: readonly number[][] | undefined,
): FitStudy[] {
  for (const [name, given] of Object.entries({ labels, shots, empty })) {
    if (given && given.length !== image.length) throw unequal(name, given.length, image.length);
  }
  const studies = image.map((path, i) => {
    const absent = empty?.[i] ?? [];
    checkDisjoint(shots[i], absent);
    return { image: path, labels: labels[i], shots: shots[i], empty: absent };
  });
  if (shots.flat().length >= 2) return studies;
  throw new UsageError(
    `--shots needs two or more slices, in one or more studies, not "${shots.join()}".`,
  );
}

function unequal(name: string, given: number, images: number): UsageError {
  return new UsageError(
    `--${name} is given ${given} times and --image ${images} times: each study needs its own.`,
  );
}

export function taskMethod(text: string): TaskMethod {
  if (text === 'head' || text === 'paper') return text;
  throw new UsageError(`--method must be head or paper, not "${text}".`);
}

export function taskFile(text: string): string {
  if (/\.task$/i.test(required('out', text))) return text;
  throw new UsageError(`--out must end with .task, not "${text}".`);
}
