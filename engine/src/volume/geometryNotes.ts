import type { SeriesGeometry } from '../geometry/seriesGeometry';

/** Three significant digits: 0.008, 2.5, 12. */
const mm = (value: number) => `${Number(value.toPrecision(3))} mm`;

/**
 * What is unusual in how the slices of a series lie, in the user's words: it does not keep them from
 * being segmented.
 *
 * @param files name of each slice's file, in the order of the slices
 */
export function geometryNotes(geometry: SeriesGeometry, files: readonly string[]): string[] {
  const { missing, gaps, isEven, isStraight, isParallel, tilt, sliceSpacing } = geometry;
  const notes = missing.map(({ after, gap, count }) => {
    const slices = count === 1 ? 'a slice looks' : `about ${count} slices look`;
    return `${slices} missing between slices ${after} and ${after + 1} (${files[after]} and ${files[after + 1]}): they lie ${mm(gap)} apart, the others ${mm(sliceSpacing)}. Nothing is filled in there.`;
  });
  if (!isEven && missing.length === 0) {
    notes.push(
      `the slices lie at uneven distances (${mm(Math.min(...gaps))} to ${mm(Math.max(...gaps))}). They are segmented where they lie.`,
    );
  }
  if (tilt && isStraight) {
    notes.push(
      `the slices are tilted by ${tilt.degrees.toFixed(1)}° (gantry tilt). They are segmented in their own plane. A NIfTI result has a sheared sform and no qform.`,
    );
  }
  if (!isStraight) {
    notes.push('the slices are shifted sideways to and fro. They are segmented where they lie.');
  }
  if (!isParallel) {
    notes.push('the slices are not quite parallel (within half a degree).');
  }
  return notes;
}
