import type { Command } from 'commander';
import { createCommand, option, readCommand, severalTimes, SHARED } from './options';
import { UsageError } from './usageError';
import { filePath, labelValues } from './values';

const FORMATS = ['table', 'csv', 'json', 'sr'] as const;

export interface MeasureArguments {
  image: string;
  labels: string;
  /** For each structure, the values that together make it up, or its name; empty for all. */
  structures: (number | string)[][];
  format: (typeof FORMATS)[number];
  out?: string;
}

type Values = Omit<MeasureArguments, 'structures'> & { label?: (number | string)[][] };

export function measureCommand(): Command {
  return createCommand(
    'measure',
    'Measures structures: volume, longest diameter in the plane of the slices and the longest at a right angle to it (from edge to edge), mean and standard deviation of the values, number of slices.',
  )
    .usage('--image PATH --labels PATH [options]')
    .addOption(SHARED.image())
    .addOption(SHARED.labels())
    .addOption(
      severalTimes(
        '--label <n,...>',
        'value or name of a structure; several values are merged into one. Repeat it for several structures (default: all)',
        labelValues,
      ),
    )
    .addOption(
      option(
        '--format <name>',
        'table, csv, json, or sr: a DICOM measurement report (SR, TID 1500) that refers to the DICOM SEG given as --labels',
        measureFormat,
      ).default('table', 'table'),
    )
    .addOption(
      option('--out <file>', 'file to write (default: the standard output); .dcm for sr', text =>
        filePath('out', text),
      ),
    );
}

/**
 * Parses the options of `fewshot-sam measure`.
 *
 * @throws UsageError naming the option and the invalid value
 */
export function parseMeasureArguments(args: readonly string[]): MeasureArguments {
  const { label = [], ...values } = readCommand<Values>(measureCommand(), args, [
    'image',
    'labels',
  ]);
  if (values.format === 'sr') {
    if (!values.out || !/\.dcm$/i.test(values.out)) {
      throw new UsageError('--format sr needs --out with a name that ends with .dcm.');
    }
    if (!/\.dcm$/i.test(values.labels)) {
      throw new UsageError(
        `--format sr refers to a DICOM SEG: --labels must be one (.dcm), not "${values.labels}".`,
      );
    }
  }
  return { ...values, structures: label };
}

function measureFormat(text: string): MeasureArguments['format'] {
  const format = FORMATS.find(name => name === text);
  if (format) return format;
  throw new UsageError(`--format must be ${FORMATS.join(', ')}, not "${text}".`);
}
