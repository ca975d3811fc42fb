import type { Initialization, IntensityWindow, PlaneName } from 'fewshot-sam';
import type { Command } from 'commander';
import { METHOD_NAMES, methodEntry, type MethodName } from '../methods/registry';
import { createCommand, EMPTY, option, readCommand, severalTimes, SHARED, SHOTS } from './options';
import type { SegEncoding, SegFrames } from './segEncoding';
import { checkFormat, type ResultFormat } from './resultFormat';
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
  /** For each structure, the labelmap values that together make it up, or its name. */
  structures: (number | string)[][];
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
  /** Names of the structures, in their order; for DICOM SEG. */
  names?: string[];
  /** Format of the result. Default: by its ending. */
  format?: ResultFormat;
  /** Encoding of the DICOM SEG. Default: auto. */
  seg?: SegEncoding;
  /** Frames of the DICOM SEG. Default: used. */
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
  label: (number | string)[][];
  init: Initialization;
  empty?: number[];
  name?: string[];
  evaluate?: boolean;
};

export function segmentCommand(): Command {
  return createCommand(
    'segment',
    'Learns a structure from a few labeled slices of a volume and segments its other slices; nothing leaves this computer. At least one of --out, --evaluate and --json is required.',
  )
    .usage('--image PATH --labels PATH --label N[,N...] --shots K,K[,K...] [options]')
    .addOption(SHARED.image())
    .addOption(SHARED.labels())
    .addOption(
      severalTimes(
        '--label <n,...>',
        'value of the structure in the labelmap, or its name where the labels have names; several values are merged into one. Repeat it for several structures: their results do not overlap, and a shot that does not show a structure is an example of its absence',
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
        'with the shots as labeled (a single structure has the value 1, each of several its first label value)',
      ),
    )
    .addOption(
      severalTimes(
        '--name <name>',
        'name of the structure for DICOM SEG, once for each --label (default: as in a SEG of --labels, or label N)',
        structureName,
      ),
    )
    .addOption(SHARED.format())
    .addOption(SHARED.seg())
    .addOption(SHARED.segFrames())
    .option(
      '--evaluate',
      'IoU, Dice and average symmetric surface distance on all slices except the shots',
    )
    .addOption(SHARED.json())
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Parses the options of `fewshot-sam segment`.
 *
 * @throws UsageError naming the option and the invalid value
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
  checkFormat(values.out, values.format);
  checkResultWanted(values.out, evaluate, values.json);
  return { ...values, structures: label, initialization: init, empty, names: name, evaluate };
}

/** Checks that no two structures share a label value. */
function checkStructures(structures: readonly (number | string)[][]): void {
  const values = structures.flat();
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice === undefined) return;
  throw new UsageError(`--label gives the value ${twice} to two structures.`);
}

function checkNames(names: readonly string[] | undefined, structures: number): void {
  if (!names || names.length === structures) return;
  throw new UsageError(
    `--name is given ${names.length} times and --label ${structures} times: each structure needs its own.`,
  );
}
