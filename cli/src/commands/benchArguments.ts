import type { Command } from 'commander';
import { METHOD_NAMES, type MethodName } from '../methods/registry';
import { createCommand, option, readCommand, required, SHARED } from './options';
import { UsageError } from './usageError';
import { methodName } from './values';

export interface BenchArguments {
  suite: string;
  methods: MethodName[];
  /** Only cases whose id matches. */
  only?: RegExp;
  json: string;
  seed: number;
  /** Whether to compute existing rows again. */
  again: boolean;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

type Values = Omit<BenchArguments, 'again'> & { again?: boolean };

export function benchCommand(): Command {
  return createCommand(
    'bench',
    'Segments every case of a suite with every method, and compares them.',
  )
    .usage('--suite FILE --json FILE [options]')
    .addOption(
      option(
        '--suite <file>',
        'cases as JSON: `within` one study, or `across` studies: learned once on one or more and tested on one or more others. Rows across studies hold slice IoU and ASSD (of slices that show the structure, as published) and volume IoU (of all slices), overall and per patient. `2d`: the same with single images in place of studies',
        text => required('suite', text),
      ),
    )
    .addOption(
      option(
        '--json <file>',
        'one row per case and method, written after each; existing rows are kept, so that a stopped run can be resumed',
        rowFile,
      ),
    )
    .addOption(
      option('--methods <a,b>', 'methods, see segment --method', methodNames).default(
        [...METHOD_NAMES],
        'all',
      ),
    )
    .addOption(option('--only <regex>', 'only cases whose id matches', pattern))
    .addOption(SHARED.seed())
    .option('--again', 'computes existing rows again')
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Parses the options of `fewshot-sam bench`.
 *
 * @throws UsageError naming the option and the invalid value
 */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { again = false, ...values } = readCommand<Values>(benchCommand(), args, ['json', 'suite']);
  return { ...values, again };
}

function rowFile(text: string): string {
  if (text !== '-') return required('json', text);
  throw new UsageError('--json must be a file: it keeps rows between runs.');
}

function methodNames(text: string): MethodName[] {
  const names = text.split(',').map(name => methodName('methods', name.trim()));
  return [...new Set(names)];
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UsageError(`--only is not a regular expression: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
