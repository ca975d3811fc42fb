import { METHOD_NAMES, type MethodName } from '../methods/registry';
import { filePath, methodName, readOptions, wholeNumber } from './options';
import { UsageError } from './usage';

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

const OPTIONS = {
  suite: { type: 'string' },
  methods: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'string' },
  seed: { type: 'string' },
  again: { type: 'boolean' },
  model: { type: 'string' },
  cache: { type: 'string' },
} as const;

/**
 * Reads the options that follow `fewshot-sam bench`.
 *
 * @throws UsageError naming the option and the value that is wrong
 */
export function parseBenchArguments(args: readonly string[]): BenchArguments {
  const values = readOptions(args, OPTIONS);
  const required = (name: 'suite' | 'json'): string => {
    const value = values[name];
    if (!value) throw new UsageError(`--${name} is missing.`);
    return value;
  };
  const json = required('json');
  if (json === '-')
    throw new UsageError('--json must be a file: rows are kept in it between runs.');
  return {
    suite: required('suite'),
    json,
    methods: values.methods === undefined ? [...METHOD_NAMES] : methodNames(values.methods),
    only: values.only === undefined ? undefined : pattern(values.only),
    seed: wholeNumber('seed', values.seed ?? '0', 0),
    again: values.again ?? false,
    model: filePath('model', values.model),
    cache: filePath('cache', values.cache),
  };
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
