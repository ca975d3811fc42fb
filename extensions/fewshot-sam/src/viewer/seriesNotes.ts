import type { SeriesGeometry } from 'fewshot-sam/geometry/seriesGeometry';

/** Three significant digits: 0.008, 2.5, 12. */
export const millimeters = (value: number) => String(Number(value.toPrecision(3)));

/**
 * What is unusual in how the slices of a series lie, in the user's words: it does not keep them from
 * being segmented.
 *
 * @param geometry of the images in the order in which the viewer counts them
 */
export function seriesNotes(geometry: SeriesGeometry): string[] {
  const { missing, gaps, isEven, isStraight, tilt, sliceSpacing, order } = geometry;
  const isDescending = order[0] > order[order.length - 1];
  const ordered = isDescending ? [...missing].reverse() : missing;
  const notes = ordered.map(({ after, gap, count }) => {
    // Counted from 1, as the panel does.
    const slice = isDescending ? gaps.length - after : after + 1;
    const slices = count === 1 ? 'A slice looks' : `About ${count} slices look`;
    return `${slices} missing between slices ${slice} and ${slice + 1}: they lie ${millimeters(gap)} mm apart, the others ${millimeters(sliceSpacing)} mm. Nothing is filled in there.`;
  });
  if (!isEven && missing.length === 0) {
    notes.push(
      `The slices lie at uneven distances (${millimeters(Math.min(...gaps))} to ${millimeters(Math.max(...gaps))} mm). They are segmented where they lie; other planes are not offered.`,
    );
  }
  if (tilt && isStraight) {
    notes.push(
      `The slices are tilted by ${tilt.degrees.toFixed(1)}° (gantry tilt). They are segmented in their own plane; other planes are not offered.`,
    );
  }
  if (!isStraight) {
    notes.push(
      'The slices are shifted sideways to and fro. They are segmented where they lie; other planes are not offered.',
    );
  }
  return notes;
}
