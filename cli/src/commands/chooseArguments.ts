import type { Command } from 'commander';
import type { IntensityWindow, PlaneName } from 'fewshot-sam';
import {
  createCommand,
  IMAGE,
  option,
  readCommand,
  required,
  severalTimes,
  SHARED,
} from './options';
import { UsageError } from './usageError';
import { wholeNumber } from './values';

export interface ChooseArguments {
  studies: { image: string; among?: SliceRange }[];
  count: number;
  axis: PlaneName;
  window: IntensityWindow;
  json?: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

/** Slice indices, both included. */
export interface SliceRange {
  first: number;
  last: number;
}

type Values = Omit<ChooseArguments, 'studies'> & { image: string[]; among?: SliceRange[] };

export function chooseCommand(): Command {
  return createCommand(
    'choose',
    'Chooses the slices to outline for a task: those that represent the studies best, by how the image encoder sees them. For several studies, give --image (and --among) once for each.',
  )
    .usage('--image PATH --count N [options]')
    .addOption(severalTimes('--image <path>', IMAGE, text => required('image', text)))
    .addOption(
      option('--count <n>', 'number of slices in all (default: 5)', text =>
        wholeNumber('count', text, 1),
      ).default(5, '5'),
    )
    .addOption(
      severalTimes(
        '--among <first-last>',
        'where the structure lies: choose only among these slices, counted from 0 (default: all)',
        sliceRange,
      ),
    )
    .addOption(SHARED.axis())
    .addOption(SHARED.window())
    .addOption(SHARED.json())
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Parses the options of `fewshot-sam choose`.
 *
 * @throws UsageError naming the option and the invalid value
 */
export function parseChooseArguments(args: readonly string[]): ChooseArguments {
  const { image, among, ...values } = readCommand<Values>(chooseCommand(), args, ['image']);
  if (among && among.length !== image.length) {
    throw new UsageError(
      `--among is given ${among.length} times and --image ${image.length} times: each study needs its own.`,
    );
  }
  return { ...values, studies: image.map((path, i) => ({ image: path, among: among?.[i] })) };
}

function sliceRange(text: string): SliceRange {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(text.trim()) ?? [];
  if (first === undefined || Number(first) > Number(last)) {
    throw new UsageError(`--among must be like 10-40, not "${text}".`);
  }
  return { first: Number(first), last: Number(last) };
}
