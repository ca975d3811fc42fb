import { Command, CommanderError, Option } from 'commander';
import { MR_PERCENTILES } from 'fewshot-sam';
import { UsageError } from './usageError';
import {
  filePath,
  initialization,
  outputFile,
  parseWindow,
  planeName,
  segEncoding,
  segFrames,
  wholeNumber,
} from './values';

/** Columns of the help. */
const WIDTH = 110;

/** A command whose arguments commander reads and whose help it writes; see `readCommand`. */
export function createCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .configureOutput({ getOutHelpWidth: () => WIDTH, writeErr: () => undefined })
    .configureHelp({ showGlobalOptions: false })
    .allowExcessArguments()
    .exitOverride();
}

/**
 * @param read a value, when the option is given
 */
export function option<T>(flags: string, description: string, read: (text: string) => T): Option {
  const created = new Option(flags, description);
  return created.argParser(text => read(valueOf(created, text)));
}

/** An option that may be given several times: the values in their order. */
export function severalTimes<T>(
  flags: string,
  description: string,
  read: (text: string) => T,
): Option {
  const created = new Option(flags, description);
  return created.argParser<T[]>((text, before = []) => [...before, read(valueOf(created, text))]);
}

/** Commander takes what follows for a value even where it is the next option. */
function valueOf({ long }: Option, text: string): string {
  if (!text.startsWith('--')) return text;
  throw new UsageError(`Option '${long}' needs a value, not "${text}".`);
}

/**
 * Reads what follows the command's name.
 *
 * @param needed options that must be given, in the order in which they are asked for
 * @throws UsageError for an unknown option, a missing value or option, or an argument that is no option
 */
export function readCommand<T extends object>(
  command: Command,
  args: readonly string[],
  needed: readonly (keyof T & string)[] = [],
): T {
  try {
    command.parse(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw new UsageError(wordsOf(error), { cause: error });
  }
  const stray = command.args[command.registeredArguments.length];
  if (stray !== undefined) throw new UsageError(`"${stray}" belongs to no option.`);
  const values = command.opts<T>();
  const missing = needed.find(name => values[name] === undefined);
  if (missing !== undefined) throw new UsageError(`--${missing} is missing.`);
  return values;
}

function wordsOf({ message }: CommanderError): string {
  const [words, ...hints] = message.replace(/^error: /, '').split('\n');
  return [`${words[0].toUpperCase()}${words.slice(1)}.`, ...hints].join(' ');
}

/** A required value that is not empty. */
export function required(name: string, text: string | undefined): string {
  if (text) return text;
  throw new UsageError(`--${name} is missing.`);
}

export const IMAGE = 'the volume: a NIfTI file (.nii, .nii.gz) or a folder of one DICOM series';
export const LABELS =
  "labelmap of the same place, as NIfTI or as a folder of one DICOM series; voxel order and resolution may differ. Or a DICOM SEG (.dcm) of the image's series, whoever wrote it; --label is then a segment number. Slices other than the shots are used only by --evaluate";
export const SHOTS =
  "slices to learn from, two or more, counted from 0 in the image's own voxel order (DICOM: by position, ascending)";
export const EMPTY = 'slices to learn from on which the structure is absent';

/** Options that several commands have. */
export const SHARED = {
  image: () => option('--image <path>', IMAGE, text => required('image', text)),
  labels: () => option('--labels <path>', LABELS, text => required('labels', text)),
  axis: () =>
    option(
      '--axis <name>',
      "axial, coronal or sagittal: the volume's axis nearest to it",
      planeName,
    ).default('axial', 'axial'),
  window: () =>
    option(
      '--window <low,high>',
      'intensities from black to white: -160,240 in modality units (HU), or p0.5,p99.5 in percentiles of the volume',
      parseWindow,
    ).default(MR_PERCENTILES, 'p0.5,p99.5'),
  iterations: () =>
    option(
      '--iterations <n>',
      'updates of the decoder (paper, fit); by default by the number of shots, as published',
      text => wholeNumber('iterations', text, 1),
    ),
  init: () =>
    option(
      '--init <name>',
      'from what the decoder starts (paper, fit): sam, its own weights, or he, random ones as the paper states',
      initialization,
    ).default('sam', 'sam'),
  seed: () =>
    option('--seed <n>', 'order in which shots are visited; same seed, same result', text =>
      wholeNumber('seed', text, 0),
    ).default(0, '0'),
  /** @param voxels what the mask holds */
  out: (voxels: string) =>
    option(
      '--out <file>',
      `mask as NIfTI (.nii, .nii.gz) on the image's grid, ${voxels}; or as DICOM SEG (.dcm), when --image is a folder of a DICOM series`,
      outputFile,
    ),
  seg: () =>
    option(
      '--seg <name>',
      'for DICOM SEG: auto, binary, which every archive takes, or what OHIF 3.13 reads right where it misreads binary; binary, labelmap or labelmap-rle, smaller (default: auto)',
      segEncoding,
    ),
  segFrames: () =>
    option(
      '--seg-frames <name>',
      'for DICOM SEG: used, only slices that a structure is on; all, one frame for every slice (default: used)',
      segFrames,
    ),
  json: () =>
    option('--json <file>', 'the result as JSON; - for the standard output', text =>
      filePath('json', text),
    ),
  model: () =>
    option(
      '--model <dir>',
      'model prepared by `npm run setup`; by default the one of this installation',
      text => filePath('model', text),
    ),
  cache: () =>
    option(
      '--cache <dir>',
      "where image embeddings are kept between runs, at most 2 GB, the oldest goes first; none: nowhere; by default the user's cache folder",
      text => filePath('cache', text),
    ),
};
