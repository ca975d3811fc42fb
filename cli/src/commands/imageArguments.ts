import { readFile, stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { type Initialization, type IntensityWindow, readTaskMetadata } from 'fewshot-sam';
import type { TaskMethod } from 'fewshot-sam/compute';
import { isPictures } from '../images/imageSet';
import { METHOD_NAMES, methodEntry, type MethodName } from '../methods/registry';
import { taskFile, taskMethod } from './fitArguments';
import { createCommand, option, readCommand, required, severalTimes, SHARED } from './options';
import { UsageError } from './usageError';
import {
  checkResultWanted,
  filePath,
  labelValues,
  methodName,
  parseWindow,
  structureName,
} from './values';

interface CommonArguments {
  /** A folder, or files. */
  images: string[];
  window: IntensityWindow;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

interface ResultArguments {
  /** Folders. */
  out?: string;
  overlays?: string;
  evaluate: boolean;
  json?: string;
}

interface LearnArguments extends CommonArguments {
  /** Folder of masks. */
  labels: string;
  /** For each structure, the values that together make it up; none: every value above 0. */
  structures: number[][];
  /** Names or numbers of the images to learn from, see `chooseImages`; undefined: all that have a mask. */
  shots?: string[];
  iterations?: number;
  initialization: Initialization;
  seed: number;
}

/** `segment` on a set of single images. */
export interface SegmentImagesArguments extends LearnArguments, ResultArguments {
  method: MethodName;
}

/** `fit` on a set of single images. */
export interface FitImagesArguments extends LearnArguments {
  method: TaskMethod;
  name: string;
  /** The task file. */
  out: string;
}

/** `apply` on a set of single images. */
export interface ApplyImagesArguments extends Omit<CommonArguments, 'window'>, ResultArguments {
  tasks: string[];
  /** Default: the task's. */
  window?: IntensityWindow;
  labels?: string;
  /** Values of the structure in the masks to evaluate with. */
  label: number[];
}

const IMAGES =
  'folder of PNG, JPEG, TIFF or single-frame DICOM images, which may differ in size; or a file, repeated for several';
const MASKS =
  'folder of masks, each with the name of its image: 0 outside, 1, 2 ... inside, or a number for each instance; PNG (gray or with a palette) or TIFF';

const COMMON = {
  image: () => severalTimes('--image <path>', IMAGES, text => required('image', text)),
  labels: () => option('--labels <dir>', MASKS, text => required('labels', text)),
  label: () =>
    severalTimes(
      '--label <n,...>',
      'value of the structure in the masks; several values are merged into one; repeat it for several structures (default: every value above 0)',
      maskValues,
    ),
  shots: () =>
    option(
      '--shots <k,...>',
      'images to learn from: file names, or numbers from 0 in the natural order of names (default: all that have a mask)',
      imageChoices,
    ),
  out: () =>
    option(
      '--out <dir>',
      'folder of the masks found: an 8-bit PNG for each image, with its name and size; a single structure has its first label value, the tasks of apply 1, 2 ...',
      text => filePath('out', text),
    ),
  overlays: () =>
    option('--overlays <dir>', 'folder of the images with the outlines found, as PNG', text =>
      filePath('overlays', text),
    ),
};

const FITTING_METHODS = METHOD_NAMES.filter(name => !methodEntry(name).needsNeighbors);

export function segmentImagesCommand(): Command {
  return createCommand(
    'segment',
    'The same on single images: learns a structure from the labeled ones and finds it in the others.',
  )
    .usage('--image DIR --labels DIR [--label N] [--shots NAME,NAME...] --out DIR [options]')
    .addOption(COMMON.image())
    .addOption(COMMON.labels())
    .addOption(COMMON.label())
    .addOption(COMMON.shots())
    .addOption(SHARED.window())
    .addOption(
      option(
        '--method <name>',
        `${FITTING_METHODS.join(', ')}; images have no neighbors to follow, so no context`,
        imageMethod,
      ).default('head', 'head'),
    )
    .addOption(SHARED.iterations())
    .addOption(SHARED.init())
    .addOption(SHARED.seed())
    .addOption(COMMON.out())
    .addOption(COMMON.overlays())
    .option('--evaluate', 'IoU and Dice of the images that have a mask and are not shots')
    .addOption(SHARED.json())
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

export function fitImagesCommand(): Command {
  return createCommand(
    'fit',
    'The same on single images: learns a structure from the labeled ones and writes a task file for others.',
  )
    .usage('--image DIR --labels DIR [--label N] [--shots NAME,NAME...] --out FILE.task [options]')
    .addOption(COMMON.image())
    .addOption(COMMON.labels())
    .addOption(COMMON.label())
    .addOption(COMMON.shots())
    .addOption(option('--name <name>', 'name of the structure (default: structure)', structureName))
    .addOption(SHARED.window())
    .addOption(
      option(
        '--method <name>',
        "head: small convolutional heads on the encoder's features; paper: SAM's mask decoder, fine-tuned",
        taskMethod,
      ).default('head', 'head'),
    )
    .addOption(SHARED.iterations())
    .addOption(SHARED.init())
    .addOption(SHARED.seed())
    .addOption(option('--out <file.task>', 'task file; contains no images', taskFile))
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

export function applyImagesCommand(): Command {
  return createCommand('apply', 'The same on single images, with tasks learned from such images.')
    .usage('FILE.task [FILE.task...] --image DIR --out DIR [options]')
    .argument('[FILE.task...]', 'task files, see fit')
    .addOption(COMMON.image())
    .addOption(option('--window <low,high>', 'default: the window used for learning', parseWindow))
    .addOption(COMMON.out())
    .addOption(COMMON.overlays())
    .option('--evaluate', 'IoU and Dice of the images that have a mask; requires --labels')
    .addOption(COMMON.labels())
    .addOption(COMMON.label())
    .addOption(SHARED.json())
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Whether a command is about a set of single images, not a volume: `--image` is a picture or a folder of
 * pictures, or the masks are, or it is DICOM and the task was learned from images.
 *
 * @param tasks files of tasks among the arguments
 */
export async function isAboutImages(
  args: readonly string[],
  tasks: readonly string[] = [],
): Promise<boolean> {
  const values = (name: string) =>
    args.flatMap((arg, i) => {
      if (arg.startsWith(`${name}=`)) return arg.slice(name.length + 1);
      return arg === name && i + 1 < args.length ? args[i + 1] : [];
    });
  const images = values('--image');
  if (images.length === 0) return false;
  for (const place of [images[0], ...values('--labels')]) {
    if (await isPictures(place)) return true;
  }
  const mayBeDicom = /\.(dcm|dicom|ima)$/i.test(images[0]) || (await isFolder(images[0]));
  for (const task of mayBeDicom ? tasks : []) {
    // An unreadable one is reported later.
    const bytes = await readFile(task).catch(() => null);
    try {
      if (bytes && readTaskMetadata(bytes).tiled) return true;
    } catch {
      continue;
    }
  }
  return false;
}

const isFolder = (place: string) =>
  stat(place).then(
    found => found.isDirectory(),
    () => false,
  );

type Given<Arguments> = Omit<Arguments, 'images' | 'structures' | 'initialization' | 'label'> & {
  image: string[];
  label?: number[][];
  init: Initialization;
};

/** @throws UsageError naming the option and the invalid value */
export function parseSegmentImages(args: readonly string[]): SegmentImagesArguments {
  const {
    image,
    label,
    init,
    evaluate = false,
    ...values
  } = readCommand<Given<SegmentImagesArguments>>(segmentImagesCommand(), args, ['image', 'labels']);
  const structures = structuresOf(label);
  checkImageResult(values, evaluate);
  return { ...values, images: image, structures, initialization: init, evaluate };
}

/** @throws UsageError naming the option and the invalid value */
export function parseFitImages(args: readonly string[]): FitImagesArguments {
  const {
    image,
    label,
    init,
    name = 'structure',
    ...values
  } = readCommand<Given<FitImagesArguments>>(fitImagesCommand(), args, ['image', 'labels', 'out']);
  const structures = structuresOf(label);
  if (structures.length > 1) {
    throw new UsageError('A task holds one structure: give --label once, its values by commas.');
  }
  return { ...values, images: image, structures, initialization: init, name };
}

/** @throws UsageError naming the option and the invalid value */
export function parseApplyImages(args: readonly string[]): ApplyImagesArguments {
  const command = applyImagesCommand();
  const {
    image,
    label,
    evaluate = false,
    ...values
  } = readCommand<Omit<Given<ApplyImagesArguments>, 'tasks'>>(command, args, ['image']);
  const tasks = command.args;
  if (tasks.length === 0) {
    throw new UsageError('The task file is missing: fewshot-sam apply FILE --image DIR.');
  }
  if (tasks.length > 1 && evaluate) {
    throw new UsageError(`--evaluate is for a single task, not ${tasks.length}.`);
  }
  if (evaluate !== (values.labels !== undefined)) {
    throw new UsageError('--evaluate and --labels go together.');
  }
  const [values0 = [], ...more] = structuresOf(label);
  if (more.length > 0) throw new UsageError('Give --label once, its values by commas.');
  checkImageResult(values, evaluate);
  return { ...values, images: image, tasks, label: values0, evaluate };
}

function structuresOf(label: readonly number[][] = [[]]): number[][] {
  const all = label.flat();
  const twice = all.find((value, i) => all.indexOf(value) !== i);
  if (twice === undefined) return [...label];
  throw new UsageError(`--label gives the value ${twice} to two structures.`);
}

function checkImageResult(
  { out, overlays, json }: Pick<ResultArguments, 'out' | 'overlays' | 'json'>,
  evaluates: boolean,
): void {
  checkResultWanted(out ?? overlays, evaluates, json);
}

function imageMethod(text: string): MethodName {
  const method = methodName('method', text);
  if (!methodEntry(method).needsNeighbors) return method;
  throw new UsageError(
    `--method ${method} follows a structure from slice to slice; single images have no neighbors. Use head, or paper.`,
  );
}

function maskValues(text: string): number[] {
  const values = labelValues(text).filter(value => typeof value === 'number');
  if (values.length > 0) return values;
  throw new UsageError(`--label must be a whole number from 1 for masks, not "${text}".`);
}

function imageChoices(text: string): string[] {
  const choices = text.split(',').map(part => part.trim());
  if (choices.includes('')) throw new UsageError(`--shots lists an empty name in "${text}".`);
  const twice = choices.find((choice, i) => choices.indexOf(choice) !== i);
  if (twice !== undefined) throw new UsageError(`--shots lists ${twice} twice.`);
  return choices;
}
