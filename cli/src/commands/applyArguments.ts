import type { Command } from 'commander';
import type { IntensityWindow } from 'fewshot-sam';
import type { ApplyMethod } from 'fewshot-sam/compute';
import { createCommand, LABELS, option, readCommand, required, SHARED } from './options';
import type { SegEncoding, SegFrames } from './segEncoding';
import { checkFormat, type ResultFormat } from './resultFormat';
import { UsageError } from './usageError';
import { checkResultWanted, labelValues, parseWindow } from './values';

export interface ApplyArguments {
  /** The task files. */
  tasks: string[];
  image: string;
  /** Default: the task's. */
  method?: ApplyMethod;
  /** Default: the task's. */
  window?: IntensityWindow;
  out?: string;
  /** Format of the result. Default: by its ending. */
  format?: ResultFormat;
  seg?: SegEncoding;
  segFrames?: SegFrames;
  /** The truth on every slice. */
  evaluate?: { labels: string; label: (number | string)[] };
  json?: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

type Values = Omit<ApplyArguments, 'tasks' | 'image' | 'evaluate'> & {
  image?: string;
  evaluate?: boolean;
  labels?: string;
  label?: (number | string)[];
};

export function applyCommand(): Command {
  return createCommand(
    'apply',
    'Segments a study without outlines, with task files from fit: each slice is encoded once for all tasks that see it alike. At least one of --out, --evaluate and --json is required.',
  )
    .usage('FILE.task [FILE.task...] --image PATH [options]')
    .argument(
      '[FILE.task...]',
      'task files, see fit; in a NIfTI file, the first is 1, the second 2 ...',
    )
    .addOption(option('--image <path>', 'the study to segment', text => required('image', text)))
    .addOption(
      option(
        '--window <low,high>',
        'default: the window used for learning; percentiles are those of this study',
        parseWindow,
      ),
    )
    .addOption(
      option(
        '--method <name>',
        'of a task of the method paper (default: paper-context). paper-context: propagates the surest slices like outlines, so that all slices are consistent; paper: each slice independently',
        applyMethod,
      ),
    )
    .addOption(SHARED.out('all slices segmented'))
    .addOption(SHARED.format())
    .addOption(SHARED.seg())
    .addOption(SHARED.segFrames())
    .option(
      '--evaluate',
      'as for segment, on all slices; requires --labels and --label, and a single task',
    )
    .addOption(option('--labels <path>', LABELS, text => required('labels', text)))
    .addOption(
      option('--label <n,...>', 'value of the structure in the labelmap, or its name', labelValues),
    )
    .addOption(SHARED.json())
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Parses the arguments of `fewshot-sam apply`: a task file, then options.
 *
 * @throws UsageError naming the option and the invalid value
 */
export function parseApplyArguments(args: readonly string[]): ApplyArguments {
  const command = applyCommand();
  const { image, evaluate, labels, label, ...values } = readCommand<Values>(command, args);
  const tasks = command.args;
  if (tasks.length === 0) {
    throw new UsageError('The task file is missing: fewshot-sam apply FILE --image PATH.');
  }
  if (tasks.length > 1 && evaluate) {
    throw new UsageError(`--evaluate is for a single task, not ${tasks.length}.`);
  }
  const parsed = {
    ...values,
    tasks,
    image: required('image', image),
    evaluate: truth({ evaluate, labels, label }),
  };
  checkFormat(parsed.out, parsed.format);
  checkResultWanted(parsed.out, parsed.evaluate !== undefined, parsed.json);
  return parsed;
}

export function applyMethod(text: string): ApplyArguments['method'] {
  if (text === 'paper' || text === 'paper-context' || text === 'head') return text;
  throw new UsageError(`--method must be paper, paper-context or head, not "${text}".`);
}

function truth({
  evaluate = false,
  labels,
  label,
}: {
  evaluate?: boolean;
  labels?: string;
  label?: (number | string)[];
}): ApplyArguments['evaluate'] {
  if (evaluate) {
    if (!labels) throw new UsageError('--evaluate needs --labels.');
    if (!label) throw new UsageError('--evaluate needs --label.');
    return { labels, label };
  }
  if (labels === undefined && label === undefined) return undefined;
  throw new UsageError('--labels and --label are used only by --evaluate, which is not given.');
}
