import type { SeriesGeometry } from './seriesGeometry';

/** Formats mm with three significant digits: 0.008, 2.5, 12. */
export const millimeters = (value: number) => String(Number(value.toPrecision(3)));

/**
 * Describes for the user what is unusual about the spacing of a series. None of it prevents segmentation.
 *
 * @param slices number of each slice as the user counts them, in the order of the geometry (ascending
 *   along the normal); a viewer may count from the other end
 */
export function seriesNotes(geometry: SeriesGeometry, slices: readonly number[]): string[] {
  const { missing, gaps, isEven, isStraight, isParallel, tilt, sliceSpacing } = geometry;
  const notes = missing
    .map(({ after, gap, count }) => {
      const slice = Math.min(slices[after], slices[after + 1]);
      const found = count === 1 ? 'A slice looks' : `About ${count} slices look`;
      const note = `${found} missing between slices ${slice} and ${slice + 1}: they lie ${millimeters(gap)} mm apart, the others ${millimeters(sliceSpacing)} mm. Nothing is filled in there.`;
      return { slice, note };
    })
    .sort((a, b) => a.slice - b.slice)
    .map(({ note }) => note);
  if (!isEven && missing.length === 0) {
    notes.push(
      `The slices are unevenly spaced (${millimeters(Math.min(...gaps))} to ${millimeters(Math.max(...gaps))} mm). They are segmented at their true positions; other planes cannot be reconstructed.`,
    );
  }
  if (tilt && isStraight) {
    notes.push(
      `The slices are tilted by ${tilt.degrees.toFixed(1)}° (gantry tilt). They are segmented in their own plane; other planes cannot be reconstructed.`,
    );
  }
  if (!isStraight) {
    notes.push(
      'The slices are shifted sideways, back and forth. They are segmented at their true positions; other planes cannot be reconstructed.',
    );
  }
  if (!isParallel) {
    notes.push('The slices are not quite parallel (within half a degree).');
  }
  return notes;
}
