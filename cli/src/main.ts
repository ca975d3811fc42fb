import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FewshotError, printable, printableLines } from 'fewshot-sam';
import { parseApplyArguments } from './commands/applyArguments';
import { parseBenchArguments } from './commands/benchArguments';
import { CHILD_COMMAND } from './commands/benchProcess';
import { clearCache } from './commands/clearCache';
import { parseChooseArguments } from './commands/chooseArguments';
import { parseCohortArguments, parseWorkerArguments } from './commands/cohortArguments';
import { parseDoctorArguments } from './commands/doctorArguments';
import { parseFitArguments } from './commands/fitArguments';
import {
  isAboutImages,
  parseApplyImages,
  parseFitImages,
  parseSegmentImages,
} from './commands/imageArguments';
import { parseMeasureArguments } from './commands/measureArguments';
import { ProgressLine } from './commands/progressLine';
import { parseSegmentArguments } from './commands/segmentArguments';
import { commandNames, help } from './commands/help';
import { UsageError } from './commands/usageError';

/** Set by the build. */
declare const FEWSHOT_SAM_VERSION: string;

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const EXIT_CANCELLED = 130;

/** Runs a command with a progress line, until it ends or Ctrl-C stops it, and prints its report. */
async function runWithProgress(
  compute: (line: ProgressLine, signal: AbortSignal) => Promise<string>,
): Promise<void> {
  const line = new ProgressLine(process.stderr);
  try {
    const text = await compute(line, stopSignal());
    line.finish();
    process.stdout.write(text);
  } finally {
    line.finish();
  }
}

async function runSegment(args: readonly string[]): Promise<void> {
  if (await isAboutImages(args)) {
    const parsed = parseSegmentImages(args);
    return runWithProgress(async (line, signal) => {
      const [{ segmentImages }, rows] = await Promise.all([
        import('./commands/segmentImages'),
        import('./commands/imageRows'),
      ]);
      const found = await segmentImages(parsed, installation(), line.show, signal, line.note);
      return parsed.json === '-'
        ? printableLines(rows.imageRowsJson(found))
        : rows.imageSummary(found, parsed);
    });
  }
  const parsed = parseSegmentArguments(args);
  return runWithProgress(async (line, signal) => {
    // Load these only now, so that help and usage errors appear at once.
    const [{ segment, rowsAsJson }, { summary }] = await Promise.all([
      import('./commands/segment'),
      import('./commands/resultRow'),
    ]);
    const rows = await segment(parsed, installation(), line.show, signal, line.note);
    return parsed.json === '-' ? printableLines(rowsAsJson(rows)) : summary(rows, parsed.out);
  });
}

function runChoose(args: readonly string[]): Promise<void> {
  const parsed = parseChooseArguments(args);
  return runWithProgress(async (line, signal) => {
    const { chooseCommand } = await import('./commands/choose');
    return chooseCommand(parsed, installation(), line.show, signal, line.note);
  });
}

function runMeasure(args: readonly string[]): Promise<void> {
  const parsed = parseMeasureArguments(args);
  return runWithProgress(async (line, signal) => {
    const { measureStructures } = await import('./commands/measure');
    return measureStructures(parsed, signal, line.note);
  });
}

async function runFit(args: readonly string[]): Promise<void> {
  if (await isAboutImages(args)) {
    const parsed = parseFitImages(args);
    return runWithProgress(async (line, signal) => {
      const { fitImages } = await import('./commands/fitImages');
      return fitImages(parsed, installation(), line.show, signal, line.note);
    });
  }
  const parsed = parseFitArguments(args);
  return runWithProgress(async (line, signal) => {
    const { fitCommand } = await import('./commands/fit');
    return fitCommand(parsed, installation(), line.show, signal, line.note);
  });
}

async function runApply(args: readonly string[]): Promise<void> {
  const tasks = args.filter(arg => /\.task$/i.test(arg));
  if (await isAboutImages(args, tasks)) {
    const parsed = parseApplyImages(args);
    return runWithProgress(async (line, signal) => {
      const [{ applyImages }, rows] = await Promise.all([
        import('./commands/applyImages'),
        import('./commands/imageRows'),
      ]);
      const found = await applyImages(parsed, installation(), line.show, signal, line.note);
      return parsed.json === '-'
        ? printableLines(rows.imageRowsJson(found))
        : rows.imageSummary(found, parsed);
    });
  }
  const parsed = parseApplyArguments(args);
  return runWithProgress(async (line, signal) => {
    const { applyCommand, applyJson, applySummary } = await import('./commands/apply');
    const rows = await applyCommand(parsed, installation(), line.show, signal, line.note);
    return parsed.json === '-' ? printableLines(applyJson(rows)) : applySummary(rows, parsed.out);
  });
}

async function runCohort(args: readonly string[]): Promise<void> {
  const parsed = parseCohortArguments(args);
  const signal = stopSignal();
  const { cohortCommand } = await import('./cohort/cohort');
  const { text, hasFailed } = await cohortCommand(
    parsed,
    installation(),
    FEWSHOT_SAM_VERSION,
    process.stderr,
    signal,
  );
  process.stdout.write(text);
  // Explicitly: a queue that is away keeps its connection, and with it the process.
  process.exit(signal.aborted ? EXIT_CANCELLED : hasFailed ? EXIT_FAILED : 0);
}

async function runWorkerCommand(args: readonly string[]): Promise<void> {
  const parsed = parseWorkerArguments(args);
  const signal = stopSignal();
  const [{ runWorker }, { machineryOf, defaultConcurrency }] = await Promise.all([
    import('./cohort/worker'),
    import('./cohort/pool'),
  ]);
  const paths = installation();
  const concurrency = parsed.concurrency ?? defaultConcurrency();
  const setup = {
    program: { program: paths.program },
    machinery: machineryOf(paths, parsed, concurrency),
    version: FEWSHOT_SAM_VERSION,
  };
  const log = (line: string) => process.stderr.write(`${printable(line)}\n`);
  await runWorker({ ...parsed, concurrency }, setup, log, signal);
  // Explicitly: a queue that is away keeps its connection, and with it the process.
  process.exit(0);
}

async function runBench(args: readonly string[]): Promise<void> {
  const parsed = parseBenchArguments(args);
  const signal = stopSignal();
  const { bench } = await import('./commands/bench');
  process.stdout.write(await bench(parsed, installation(), process.stderr, signal));
}

async function runDoctor(args: readonly string[]): Promise<void> {
  const { url, headers, json } = parseDoctorArguments(args);
  const { examine, examinationText } = await import('./doctor/doctor');
  const checks = await examine(url, headers, FEWSHOT_SAM_VERSION);
  process.stdout.write(
    printableLines(json ? `${JSON.stringify(checks, null, 2)}\n` : examinationText(checks)),
  );
  if (checks.some(({ state }) => state === 'failed')) process.exitCode = EXIT_FAILED;
}

function stopSignal(): AbortSignal {
  const controller = new AbortController();
  // The first Ctrl-C stops gracefully; the second gets Node's default and stops at once.
  process.once('SIGINT', () => controller.abort());
  process.once('SIGTERM', () => controller.abort());
  return controller.signal;
}

/** Returns the paths of this installation. The built file is cli/dist/cli.mjs. */
function installation() {
  const program = fileURLToPath(import.meta.url);
  const wasm = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  return {
    program,
    model: path.resolve(path.dirname(program), '..', '..', 'public', 'models', 'mobile-sam'),
    wasmPath: path.dirname(wasm),
    kernels: path.dirname(program),
  };
}

async function main([command, ...args]: readonly string[]): Promise<void> {
  const asksForHelp = [command, ...args].some(arg => arg === '--help' || arg === '-h');
  if (asksForHelp || command === 'help') {
    process.stdout.write(help(command === 'help' ? args[0] : command));
  } else if (command === '--version') {
    process.stdout.write(`${FEWSHOT_SAM_VERSION}\n`);
  } else if (command === 'segment') {
    await runSegment(args);
  } else if (command === 'choose') {
    await runChoose(args);
  } else if (command === 'fit') {
    await runFit(args);
  } else if (command === 'apply') {
    await runApply(args);
  } else if (command === 'measure') {
    await runMeasure(args);
  } else if (command === 'cohort') {
    await runCohort(args);
  } else if (command === 'worker') {
    await runWorkerCommand(args);
  } else if (command === 'bench') {
    await runBench(args);
  } else if (command === 'doctor') {
    await runDoctor(args);
  } else if (command === 'clear-cache') {
    process.stdout.write(await clearCache(args));
  } else if (command === CHILD_COMMAND && process.send) {
    await (await import('./commands/benchChild')).runChild();
  } else if (command === 'cohort-child' && process.send) {
    await (await import('./cohort/child')).runCohortChild();
  } else {
    throw new UsageError(
      command === undefined
        ? 'A command is missing.'
        : `There is no command "${command}": use ${commandNames().join(', ')}.`,
    );
  }
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${printable(error.message)}\nSee fewshot-sam --help.\n`);
    return EXIT_USAGE;
  }
  if (error instanceof FewshotError) {
    process.stderr.write(`${printable(error.message)}\n${printable(error.remedy)}\n`);
    return error.code === 'cancelled' ? EXIT_CANCELLED : EXIT_FAILED;
  }
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`Unexpected error: ${printableLines(words)}\n`);
  return EXIT_FAILED;
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}
