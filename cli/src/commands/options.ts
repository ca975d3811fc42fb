import { Command, CommanderError, Option } from 'commander';
import { MR_PERCENTILES } from 'fewshot-sam';
import { resultFormat } from './resultFormat';
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

/** Width of the help in columns. */
const WIDTH = 110;

/** Creates a command for commander, which parses its arguments and formats its help; see `readCommand`. */
export function createCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .configureOutput({ getOutHelpWidth: () => WIDTH, writeErr: () => undefined })
    .configureHelp({ showGlobalOptions: false })
    .allowExcessArguments()
    .exitOverride();
}

/**
 * Creates an option.
 *
 * @param read parses the value if the option is given
 */
export function option<T>(flags: string, description: string, read: (text: string) => T): Option {
  const created = new Option(flags, description);
  return created.argParser(text => read(valueOf(created, text)));
}

/** Creates an option that may be repeated; collects the values in order. */
export function severalTimes<T>(
  flags: string,
  description: string,
  read: (text: string) => T,
): Option {
  const created = new Option(flags, description);
  return created.argParser<T[]>((text, before = []) => [...before, read(valueOf(created, text))]);
}

/** Refuses the next option as a value, which commander would accept. */
function valueOf({ long }: Option, text: string): string {
  if (!text.startsWith('--')) return text;
  throw new UsageError(`Option '${long}' needs a value, not "${text}".`);
}

/**
 * Parses the arguments after the command's name.
 *
 * @param needed required options, in the order in which missing ones are reported
 * @throws UsageError for an unknown option, a missing value or option, or a stray argument
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
  const isVariadic = command.registeredArguments.some(({ variadic }) => variadic);
  if (stray !== undefined && !isVariadic) throw new UsageError(`"${stray}" belongs to no option.`);
  const values = command.opts<T>();
  const missing = needed.find(name => values[name] === undefined);
  if (missing !== undefined) throw new UsageError(`--${missing} is missing.`);
  return values;
}

function wordsOf({ message }: CommanderError): string {
  const [words, ...hints] = message.replace(/^error: /, '').split('\n');
  return [`${words[0].toUpperCase()}${words.slice(1)}.`, ...hints].join(' ');
}

/** Returns a required value; refuses an empty one. */
export function required(name: string, text: string | undefined): string {
  if (text) return text;
  throw new UsageError(`--${name} is missing.`);
}

export const IMAGE =
  'the volume: a NIfTI (.nii, .nii.gz), NRRD (.nrrd) or MetaImage (.mha) file, or a folder of one DICOM series';
export const LABELS =
  "labelmap of the image, as NIfTI (names in a .label file of ITK-SNAP beside it), NRRD, MetaImage or a folder of one DICOM series; voxel order and resolution may differ. Or segments with names: a segmentation of 3D Slicer (.seg.nrrd), or a DICOM SEG or RTSTRUCT (.dcm) of the image's series, from any software; --label is then a name or a number of a segment or ROI. Slices other than the shots are used only by --evaluate";
export const SHOTS =
  "slices to learn from, two or more, counted from 0 in the image's voxel order (DICOM: by position, ascending)";
export const EMPTY = 'slices to learn from on which the structure is absent';

/** Options shared by several commands. */
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
      'updates of the decoder (paper, fit); default: by the number of shots, as published',
      text => wholeNumber('iterations', text, 1),
    ),
  init: () =>
    option(
      '--init <name>',
      "initial weights of the decoder (paper, fit): sam, SAM's own, or he, random ones as in the paper",
      initialization,
    ).default('sam', 'sam'),
  seed: () =>
    option(
      '--seed <n>',
      'order in which shots are visited; the same seed gives the same result',
      text => wholeNumber('seed', text, 0),
    ).default(0, '0'),
  /** @param voxels content of the mask */
  out: (voxels: string) =>
    option(
      '--out <file>',
      `mask as NIfTI (.nii, .nii.gz) on the image's grid, ${voxels}; or as a segmentation of 3D Slicer (.seg.nrrd); or, if --image is a folder of a DICOM series, as DICOM SEG (.dcm) or RTSTRUCT (.dcm with --format rtstruct)`,
      outputFile,
    ),
  format: () =>
    option(
      '--format <name>',
      'format of --out: nifti, seg, rtstruct (contours, .dcm) or nrrd (a segmentation of 3D Slicer, .seg.nrrd) (default: by its ending; .dcm is seg)',
      resultFormat,
    ),
  seg: () =>
    option(
      '--seg <name>',
      'for DICOM SEG: auto (binary, which every archive accepts, or another encoding where OHIF 3.13 misreads binary), binary, labelmap, or labelmap-rle, which is smaller (default: auto)',
      segEncoding,
    ),
  segFrames: () =>
    option(
      '--seg-frames <name>',
      'for DICOM SEG: used (only slices with the structure) or all (a frame for every slice) (default: used)',
      segFrames,
    ),
  json: () =>
    option('--json <file>', 'the result as JSON; - for the standard output', text =>
      filePath('json', text),
    ),
  model: () =>
    option(
      '--model <name>',
      'mobile-sam, lite-medsam, or the folder of another model; prepare it with `npm run setup -- --model NAME` (default: mobile-sam)',
      text => filePath('model', text),
    ),
  cache: () =>
    option(
      '--cache <dir>',
      "folder that caches image embeddings, at most 2 GB, oldest deleted first; none: no cache (default: the user's cache folder)",
      text => filePath('cache', text),
    ),
};
