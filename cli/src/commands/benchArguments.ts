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
  /** Whether rows that are there are computed anew. */
  again: boolean;
  model?: string;
  /** A folder, `none`, or undefined for the default folder. */
  cache?: string;
}

type Values = Omit<BenchArguments, 'again'> & { again?: boolean };

export function benchCommand(): Command {
  return createCommand('bench', 'Segments every case of a suite with every method, and compares.')
    .usage('--suite FILE --json FILE [options]')
    .addOption(
      option(
        '--suite <file>',
        'cases as JSON: `within` one study; or `across` studies, which learn once from one or more and are tested on one or more others: those rows hold slice IoU and ASSD (slices that show the structure, as published) and volume IoU (all slices), together and per patient',
        text => required('suite', text),
      ),
    )
    .addOption(
      option(
        '--json <file>',
        'one row per case and method, written after each; rows that are there are kept, so that a run that was stopped goes on where it was',
        rowFile,
      ),
    )
    .addOption(
      option('--methods <a,b>', 'those of segment --method', methodNames).default(
        [...METHOD_NAMES],
        'all',
      ),
    )
    .addOption(option('--only <regex>', 'only cases whose id matches', pattern))
    .addOption(SHARED.seed())
    .option('--again', 'computes all rows anew')
    .addOption(SHARED.model())
    .addOption(SHARED.cache());
}

/**
 * Reads the options that follow `fewshot-sam bench`.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const { again = false, ...values } = readCommand<Values>(benchCommand(), args, ['json', 'suite']);
  return { ...values, again };
}

function rowFile(text: string): string {
  if (text !== '-') return required('json', text);
  throw new UsageError('--json must be a file: rows are kept in it between runs.');
}

function methodNames(text: string): MethodName[] {
  const names = text.split(',').map(name => methodName('methods', name.trim()));
  return [...new Set(names)];
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text);
  } catch (error) {
    throw new UsageError(`--only is no regular expression: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
