import type { Initialization, IntensityWindow, PlaneName } from 'fewshot-sam';
import type { Command } from 'commander';
import { METHOD_NAMES, methodEntry, type MethodName } from '../methods/registry';
import { createCommand, EMPTY, option, readCommand, severalTimes, SHARED, SHOTS } from './options';
import type { SegEncoding, SegFrames } from './segEncoding';
import { UsageError } from './usageError';
import {
  checkDisjoint,
  checkResultWanted,
  labelValues,
  methodName,
  shotIndices,
  sliceList,
  structureName,
} from './values';

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
  /** Encoding of the DICOM SEG; auto unless told. */
  seg?: SegEncoding;
  /** Of the DICOM SEG; used unless told. */
  segFrames?: SegFrames;
  evaluate: boolean;
  json?: string;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

type Values = Omit<
  SegmentArguments,
  'structures' | 'empty' | 'names' | 'evaluate' | 'initialization'
> & {
  label: number[][];
  init: Initialization;
  empty?: number[];
  name?: string[];
  evaluate?: boolean;
};

export function segmentCommand(): Command {
  return createCommand(
    'segment',
    'Learns a structure from a few labelled slices of a volume and segments its other slices, on this computer alone. At least one of --out, --evaluate and --json is needed.',
  )
    .usage('--image PATH --labels PATH --label N[,N...] --shots K,K[,K...] [options]')
    .addOption(SHARED.image())
    .addOption(SHARED.labels())
    .addOption(
      severalTimes(
        '--label <n,...>',
        'value of the structure in the labelmap; several values are merged into one. Several times, once for each structure: they do not overlap, and a shot that does not show one of them is an example of its absence',
        labelValues,
      ),
    )
    .addOption(option('--shots <k,k,...>', SHOTS, shotIndices))
    .addOption(option('--empty <k,...>', EMPTY, text => sliceList('empty', text)))
    .addOption(SHARED.axis())
    .addOption(SHARED.window())
    .addOption(
      option(
        '--method <name>',
        `one of\n${METHOD_NAMES.map(name => `  ${name.padEnd(14)} ${methodEntry(name).description}`).join('\n')}\n `,
        text => methodName('method', text),
      ).default('context', 'context'),
    )
    .addOption(SHARED.iterations())
    .addOption(SHARED.init())
    .addOption(SHARED.seed())
    .addOption(
      SHARED.out(
        'shots as labelled (several structures have the first of their label values, a single one has 1)',
      ),
    )
    .addOption(
      severalTimes(
        '--name <name>',
        'for DICOM SEG, once for each --label; by default as in a SEG of --labels, or label N',
        structureName,
      ),
    )
    .addOption(SHARED.seg())
    .addOption(SHARED.segFrames())
    .option(
      '--evaluate',
      'IoU, Dice and average symmetric surface distance on all slices but the shots',
    )
    .addOption(SHARED.json())
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Reads the options that follow `fewshot-sam segment`.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseSegmentArguments(args: readonly string[]): SegmentArguments {
  const {
    label,
    init,
    empty = [],
    name,
    evaluate = false,
    ...values
  } = readCommand<Values>(segmentCommand(), args, ['image', 'labels', 'label', 'shots']);
  checkNames(name, label.length);
  checkStructures(label);
  checkDisjoint(values.shots, empty);
  checkResultWanted(values.out, evaluate, values.json);
  return { ...values, structures: label, initialization: init, empty, names: name, evaluate };
}

/** Each `--label` is a structure of its own. */
function checkStructures(structures: readonly number[][]): void {
  const values = structures.flat();
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice === undefined) return;
  throw new UsageError(`--label names the value ${twice} for two structures.`);
}

function checkNames(names: readonly string[] | undefined, structures: number): void {
  if (!names || names.length === structures) return;
  throw new UsageError(
    `--name is given ${names.length} times and --label ${structures} times: each structure needs its own.`,
  );
}
