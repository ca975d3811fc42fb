import { parseArgs, type ParseArgsConfig } from 'node:util';
import { METHOD_NAMES, type MethodName, isMethodName } from '../methods/registry';
import { UsageError } from './usage';

/**
 * Reads the options of a command.
 *
 * @throws UsageError for an unknown option, a missing value, or an argument that is no option
 */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  options: T,
) {
  try {
    const { values, positionals } = parseArgs({
      args: joinNegativeValues(args),
      options,
      allowPositionals: true,
    });
    if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" belongs to no option.`);
    return values;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError((error as Error).message.split('\n')[0], { cause: error });
  }
}

/** parseArgs takes `--window -160,240` for two options: joins what begins like a negative number. */
function joinNegativeValues(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (const argument of args) {
    const last = joined.at(-1);
    if (/^-[\d.]/.test(argument) && last?.startsWith('--') && !last.includes('=')) {
      joined[joined.length - 1] = `${last}=${argument}`;
    } else {
      joined.push(argument);
    }
  }
  return joined;
}

export function wholeNumber(option: string, text: string, minimum: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < minimum) {
    throw new UsageError(`--${option} must be a whole number from ${minimum}, not "${text}".`);
  }
  return value;
}

export function filePath(option: string, text: string | undefined): string | undefined {
  if (text === '') throw new UsageError(`--${option} is empty.`);
  return text;
}

export function methodName(option: string, text: string): MethodName {
  if (isMethodName(text)) return text;
  throw new UsageError(`--${option} must be ${METHOD_NAMES.join(', ')}, not "${text}".`);
}
