import { UsageError } from './usageError';

/** Formats of a result, by the ending of its file or `--format`. */
export const RESULT_FORMATS = ['nifti', 'seg', 'rtstruct', 'nrrd'] as const;

export type ResultFormat = (typeof RESULT_FORMATS)[number];

const ENDINGS: Record<ResultFormat, RegExp> = {
  nifti: /\.nii(\.gz)?$/i,
  seg: /\.dcm$/i,
  rtstruct: /\.dcm$/i,
  nrrd: /\.nrrd$/i,
};

const ENDING_NAMES: Record<ResultFormat, string> = {
  nifti: '.nii or .nii.gz',
  seg: '.dcm',
  rtstruct: '.dcm',
  nrrd: '.seg.nrrd',
};

/** Returns the format of a result: as given, or by the file's ending. */
export function formatOf(out: string, format?: ResultFormat): ResultFormat {
  return format ?? RESULT_FORMATS.find(each => ENDINGS[each].test(out)) ?? 'nifti';
}

/** Whether a result refers to the images of a DICOM series. */
export const isDicomFormat = (format: ResultFormat): boolean =>
  format === 'seg' || format === 'rtstruct';

export function resultFormat(text: string): ResultFormat {
  if ((RESULT_FORMATS as readonly string[]).includes(text)) return text as ResultFormat;
  throw new UsageError(`--format must be ${RESULT_FORMATS.join(', ')}, not "${text}".`);
}

/** Checks that the name of a result fits its format, so that other programs recognize it. */
export function checkFormat(out: string | undefined, format: ResultFormat | undefined): void {
  if (format === undefined) return;
  if (out === undefined) throw new UsageError('--format is used only with --out.');
  if (ENDINGS[format].test(out)) return;
  throw new UsageError(
    `--out must end with ${ENDING_NAMES[format]} for --format ${format}, not "${out}".`,
  );
}
