import { FewshotError } from '../platform/errors';
import type { Mask, Slice } from '../image/slice';
import type { FewshotJob } from './job';

/** In all studies together: a single outline does not show what may vary. */
const FEWEST_OUTLINES = 2;

/**
 * Rejects a job that cannot give a result.
 *
 * @returns the slices to segment, in the job's order: its targets without the labeled ones
 * @throws FewshotError `bad-input`, naming the wrong value
 */
export function checkJob({ slices, labels, targets }: FewshotJob): Slice[] {
  checkLabeled([{ slices, labels }]);
  const byIndex = new Map(slices.map(slice => [slice.index, slice]));
  const wanted = targets.filter(index => !labels.has(index));
  if (wanted.length === 0) {
    throw new FewshotError(
      'bad-input',
      'There is no slice left to segment: every slice of the range is outlined.',
      'Choose a larger slice range.',
    );
  }
  return wanted.map(index => byIndex.get(index) ?? missing(index));
}

/**
 * Rejects labeled slices, of one or several studies, from which nothing can be learned.
 *
 * @param before number of outlines already known, if these are added to others
 * @throws FewshotError `bad-input`, naming the wrong value
 */
export function checkLabeled(studies: readonly Labeled[], before = 0): void {
  for (const { slices, labels } of studies) {
    const byIndex = new Map(slices.map(slice => [slice.index, slice]));
    for (const slice of slices) checkSlice(slice, slices[0]);
    for (const [index, mask] of labels) checkLabel(index, mask, byIndex.get(index));
  }
  const outlines = studies.reduce((sum, { labels }) => sum + outlined(labels).length, 0);
  if (outlines > 0 && before + outlines >= FEWEST_OUTLINES) return;
  throw new FewshotError(
    'bad-input',
    outlines === 0 ? 'No slice is outlined.' : 'Only one slice is outlined.',
    before > 0
      ? 'Outline the structure on one slice or more.'
      : `Outline the structure on at least ${FEWEST_OUTLINES} slices.`,
  );
}

/** Slices of one size and spacing, some of them labeled. */
export interface Labeled {
  slices: readonly Slice[];
  labels: ReadonlyMap<number, Mask>;
}

/** Indices of labeled slices that show the structure, ascending. */
export function outlined(labels: ReadonlyMap<number, Mask>): number[] {
  return [...labels]
    .flatMap(([index, mask]) => (mask.includes(1) ? index : []))
    .sort((a, b) => a - b);
}

function checkSlice(slice: Slice, first: Slice): void {
  const size = ({ rows, columns }: Slice) => `${columns} x ${rows} pixels`;
  const spacing = ({ rowSpacing, columnSpacing }: Slice) => `${columnSpacing} x ${rowSpacing} mm`;
  const describe = size(slice) === size(first) ? spacing : size;
  if (describe(slice) !== describe(first)) {
    throw new FewshotError(
      'bad-input',
      `The slices differ: slice ${slice.index + 1} has ${describe(slice)}, slice ${first.index + 1} has ${describe(first)}.`,
      'Choose a series whose slices all have one size and spacing.',
    );
  }
  if (slice.pixels.length !== slice.rows * slice.columns) {
    throw new FewshotError(
      'bad-input',
      `Slice ${slice.index + 1} has ${slice.pixels.length} values for ${size(slice)}; one value per pixel is needed.`,
      'Choose a grayscale series.',
    );
  }
}

function checkLabel(index: number, mask: Mask, slice: Slice | undefined): void {
  const { pixels } = slice ?? missing(index);
  if (mask.length !== pixels.length) {
    throw new FewshotError(
      'bad-input',
      `The outline on slice ${index + 1} has ${mask.length} pixels, the slice ${pixels.length}.`,
      'Outline the structure on this series itself.',
    );
  }
}

function missing(index: number): never {
  throw new FewshotError(
    'bad-input',
    `Slice ${index + 1} is not among the slices given.`,
    'Pass every labeled slice and every slice to segment.',
  );
}
