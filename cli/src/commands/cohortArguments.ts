import type { Command } from 'commander';
import type { IntensityWindow } from 'fewshot-sam';
import { applyMethod, type ApplyArguments } from './applyArguments';
import { createCommand, option, readCommand, required, severalTimes, SHARED } from './options';
import type { SegEncoding } from './segEncoding';
import { UsageError } from './usageError';
import { filePath, parseWindow, wholeNumber } from './values';

/** `fewshot-sam cohort apply`. */
export interface CohortApplyArguments {
  action: 'apply';
  /** Task files. */
  tasks: string[];
  /** DICOMweb root of the archive. */
  dicomweb?: string;
  query?: string;
  since?: string;
  limit?: number;
  /** Folder of DICOM files, as a source instead of the archive. */
  folder?: string;
  out: string;
  store: boolean;
  queue?: string;
  detach: boolean;
  method: ApplyArguments['method'];
  window?: IntensityWindow;
  seg?: SegEncoding;
  /** Of the series, e.g. `CT`. */
  modality?: string;
  minSlices: number;
  maxSlices: number;
  concurrency?: number;
  viewer?: string;
  model?: string;
  cache?: string;
}

/** `fewshot-sam cohort report|retry|cancel`. */
export interface CohortOtherArguments {
  action: 'report' | 'retry' | 'cancel';
  out: string;
  queue?: string;
  viewer?: string;
  /** Studies to retry; by default all that failed. */
  study?: string[];
  concurrency?: number;
  model?: string;
  cache?: string;
}

export type CohortArguments = CohortApplyArguments | CohortOtherArguments;

/** `fewshot-sam worker`. */
export interface WorkerArguments {
  queue: string;
  concurrency?: number;
  model?: string;
  cache?: string;
}

const OUT = 'folder of the cohort: its state, its report and, without --store, the segmentations';
const SIGN_IN =
  'Sign in to the archive with DICOMWEB_USER and DICOMWEB_PASSWORD, or DICOMWEB_TOKEN, and to Redis with REDIS_USERNAME, REDIS_PASSWORD and REDIS_CA (file of a certificate authority) in the environment.';

const SHARED_COHORT = {
  out: () => option('--out <dir>', OUT, text => filePath('out', text)),
  queue: () =>
    option(
      '--queue <url>',
      'redis:// or rediss:// (TLS) address of a queue, from which `fewshot-sam worker` takes studies on any number of machines',
      text => plainUrl('queue', text, ['redis:', 'rediss:']),
    ),
  viewer: () =>
    option('--viewer <url>', 'address of an OHIF with our mode, for links in the report', text =>
      plainUrl('viewer', text, ['http:', 'https:']),
    ),
  concurrency: () =>
    option(
      '--concurrency <n>',
      'studies at the same time, each in a process (default: one per core, less if memory is short)',
      text => wholeNumber('concurrency', text, 1),
    ),
  cache: () =>
    option(
      '--cache <dir>',
      'folder that caches image embeddings between runs; none: memory only (default: none)',
      text => filePath('cache', text),
    ),
};

function applyActionCommand(): Command {
  return createCommand(
    'apply',
    `Segments every study of a query or a folder with one or several tasks. Run it again to continue. ${SIGN_IN}`,
  )
    .usage('FILE.task... (--dicomweb URL --query FILTERS | --folder DIR) --out DIR [options]')
    .argument('[FILE.task...]', 'task files, see fit')
    .addOption(
      option('--dicomweb <url>', 'DICOMweb root of the archive', text =>
        plainUrl('dicomweb', text, ['http:', 'https:']),
      ),
    )
    .addOption(
      option(
        '--query <filters>',
        "which studies, e.g. 'ModalitiesInStudy=CT&StudyDescription=*ABDOMEN*'; attributes of patient, study or series. Each answer of the archive is checked against it",
        text => required('query', text),
      ),
    )
    .addOption(
      option('--since <date>', 'studies of this day (YYYYMMDD) or later', text => {
        if (/^\d{8}$/.test(text)) return text;
        throw new UsageError(`--since must be a day such as 20260131, not "${text}".`);
      }),
    )
    .addOption(
      option('--limit <n>', 'at most this many studies', text => wholeNumber('limit', text, 1)),
    )
    .addOption(
      option('--folder <dir>', 'folder of DICOM files, searched with its subfolders', text =>
        filePath('folder', text),
      ),
    )
    .addOption(SHARED_COHORT.out())
    .option('--store', 'stores the segmentations in the archive (STOW-RS); otherwise as files')
    .addOption(SHARED_COHORT.queue())
    .option('--detach', 'with --queue: adds the studies and ends; see cohort report')
    .addOption(option('--method <name>', 'as for apply', applyMethod))
    .addOption(option('--window <low,high>', "default: the tasks'", parseWindow))
    .addOption(SHARED.seg())
    .addOption(
      option('--modality <name>', 'of the series, e.g. CT (default: that of the tasks)', text => {
        if (/^[A-Z]{2}$/.test(text)) return text;
        throw new UsageError(`--modality must be as in DICOM, e.g. CT or MR, not "${text}".`);
      }),
    )
    .addOption(
      option('--min-slices <n>', 'passes over series with fewer images', text =>
        wholeNumber('min-slices', text, 2),
      ).default(5, '5'),
    )
    .addOption(
      option('--max-slices <n>', 'passes over series with more images', text =>
        wholeNumber('max-slices', text, 2),
      ).default(2000, '2000'),
    )
    .addOption(SHARED_COHORT.concurrency())
    .addOption(SHARED_COHORT.viewer())
    .addOption(SHARED.model())
    .addOption(SHARED_COHORT.cache());
}

function reportCommand(): Command {
  return createCommand('report', 'Writes report.html, report.csv and report.json of a cohort.')
    .addOption(SHARED_COHORT.out())
    .addOption(SHARED_COHORT.queue())
    .addOption(SHARED_COHORT.viewer());
}

function retryCommand(): Command {
  return createCommand('retry', 'Segments the studies again that failed.')
    .addOption(SHARED_COHORT.out())
    .addOption(
      severalTimes(
        '--study <uid>',
        'this study only, also one that was passed over or stored; may be repeated',
        text => required('study', text),
      ),
    )
    .addOption(SHARED_COHORT.queue())
    .addOption(SHARED_COHORT.concurrency())
    .addOption(SHARED_COHORT.viewer())
    .addOption(SHARED.model())
    .addOption(SHARED_COHORT.cache());
}

function cancelCommand(): Command {
  return createCommand(
    'cancel',
    'Takes back the studies that wait. Those being segmented are finished; nothing stored is removed.',
  )
    .addOption(SHARED_COHORT.out())
    .addOption(SHARED_COHORT.queue())
    .addOption(SHARED_COHORT.viewer());
}

export function cohortCommand(): Command {
  const cohort = createCommand('cohort', 'Segments many studies, on one machine or on many.');
  for (const command of [applyActionCommand(), reportCommand(), retryCommand(), cancelCommand()]) {
    cohort.addCommand(command);
  }
  return cohort;
}

export function workerCommand(): Command {
  return createCommand(
    'worker',
    `Takes studies from a queue, see cohort apply --queue, until Ctrl-C. ${SIGN_IN}`,
  )
    .addOption(SHARED_COHORT.queue())
    .addOption(SHARED_COHORT.concurrency())
    .addOption(SHARED.model())
    .addOption(SHARED_COHORT.cache());
}

/**
 * Parses the arguments of `fewshot-sam cohort`.
 *
 * @throws UsageError naming the option and the invalid value
 */
export function parseCohortArguments([action, ...args]: readonly string[]): CohortArguments {
  if (action === 'apply') return parseApply(args);
  const commands = { report: reportCommand, retry: retryCommand, cancel: cancelCommand };
  if (action === 'report' || action === 'retry' || action === 'cancel') {
    type Values = Omit<CohortOtherArguments, 'action'>;
    return { action, ...readCommand<Values>(commands[action](), args, ['out']) };
  }
  throw new UsageError(
    action === undefined
      ? 'Say what to do: fewshot-sam cohort apply, report, retry or cancel.'
      : `There is no command "cohort ${action}": use apply, report, retry or cancel.`,
  );
}

function parseApply(args: readonly string[]): CohortApplyArguments {
  const command = applyActionCommand();
  type Values = Omit<CohortApplyArguments, 'action' | 'tasks' | 'store' | 'detach'>;
  const values = readCommand<Values & { store?: true; detach?: true }>(command, args, ['out']);
  const tasks = command.processedArgs[0] as string[];
  if (tasks.length === 0) {
    throw new UsageError('The task file is missing: fewshot-sam cohort apply FILE.task ...');
  }
  const { store = false, detach = false, ...rest } = values;
  const parsed: CohortApplyArguments = { action: 'apply', tasks, ...rest, store, detach };
  const { dicomweb, query, since, limit, folder, queue } = parsed;
  if (!dicomweb && !folder) throw new UsageError('Give --dicomweb or --folder.');
  if (folder && (query !== undefined || since !== undefined || limit !== undefined)) {
    throw new UsageError(
      '--query, --since and --limit ask an archive; --folder takes all studies.',
    );
  }
  if (!folder && query === undefined && since === undefined && limit === undefined) {
    throw new UsageError('Say which studies: give --query, --since or --limit.');
  }
  if (store && !dicomweb) throw new UsageError('--store needs --dicomweb.');
  if (!store && folder && dicomweb) {
    throw new UsageError('With --folder, --dicomweb is where --store stores: give --store, too.');
  }
  if (queue && (folder || !store)) {
    throw new UsageError(
      '--queue needs --dicomweb and --store: other machines see neither --folder nor --out.',
    );
  }
  if (detach && !queue) throw new UsageError('--detach needs --queue.');
  return parsed;
}

/**
 * Parses the arguments of `fewshot-sam worker`.
 *
 * @throws UsageError naming the option and the invalid value
 */
export function parseWorkerArguments(args: readonly string[]): WorkerArguments {
  return readCommand<WorkerArguments>(workerCommand(), args, ['queue']);
}

/** Parses an address. One with a password is refused: command lines are visible to other users. */
function plainUrl(name: string, text: string, protocols: readonly string[]): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`--${name} must be an address such as ${protocols[0]}//host.`);
  }
  if (url.username || url.password) {
    throw new UsageError(
      `--${name} must not hold a user or a password: give them in the environment, see --help.`,
    );
  }
  if (!protocols.includes(url.protocol)) {
    throw new UsageError(`--${name} must begin with ${protocols.join('// or ')}//.`);
  }
  return text.replace(/\/+$/, '');
}
