import { cross, dot } from 'fewshot-sam';
import { numbersOf, type NaturalizedDataset } from '../data/naturalized';
import type { SourceGeometry } from '../series/sourceGeometry';

/** Maps the pixels of a frame to a slice of the source. */
export interface FrameMapping {
  sliceIndex: number;
  /** Index on the slice of the frame's first pixel, and the steps per column and per row of the frame. */
  start: number;
  columnStep: number;
  rowStep: number;
}

export interface FrameGrid {
  rows: number;
  columns: number;
}

/** The frame is parallel to the images, but lies in the plane of none. */
export class OffEveryImage extends Error {}

/** Fraction of the distance between slices; positions are often rounded. */
const PLACE_TOLERANCE = 0.05;
/** mm, where slices lie closer than rounding. */
const ROUNDING_MM = 0.1;
const DIRECTION_TOLERANCE = 0.01;
/** Fraction of a pixel at the corners; positions are rounded to about 0.1 mm, pixels may be 0.2 mm. */
const PIXEL_TOLERANCE = 0.25;
const SPACING_TOLERANCE = 0.01;

/**
 * Finds the slice on which a frame lies, by its position and orientation in the patient. Rows and columns
 * of the frame may be reversed or exchanged.
 *
 * @param place naturalized, with the attributes of an image plane; see `placeOf`
 * @returns null where the frame has no position
 * @throws Error naming what does not match the source
 */
export function frameByPlace(
  place: NaturalizedDataset,
  { rows, columns }: FrameGrid,
  source: SourceGeometry,
): FrameMapping | null {
  const position = numbersOf(place, 'ImagePositionPatient', 3);
  const orientation = numbersOf(place, 'ImageOrientationPatient', 6);
  const spacing = numbersOf(place, 'PixelSpacing', 2);
  if (!position || !orientation || !spacing) return null;
  const [along, down] = [source.orientation.slice(0, 3), source.orientation.slice(3)];
  const normal = cross(along, down);
  const directions = [orientation.slice(0, 3), orientation.slice(3)];
  const steps = directions.map(direction => [
    snapped(dot(direction, along)),
    snapped(dot(direction, down)),
  ]);
  const isParallel = directions.every(
    direction => Math.abs(dot(direction, normal)) <= DIRECTION_TOLERANCE,
  );
  if (
    !isParallel ||
    !steps.every(([a, b]) => Math.abs(a) + Math.abs(b) === 1) ||
    Math.abs(steps[0][0]) === Math.abs(steps[1][0])
  ) {
    throw new Error(
      `it lies oblique to the images (its orientation is ${orientation.join('\\')}, theirs ${source.orientation.join('\\')})`,
    );
  }
  const isTurned = steps[0][0] === 0;
  const [frameRows, frameColumns] = isTurned ? [columns, rows] : [rows, columns];
  if (frameRows !== source.rows || frameColumns !== source.columns) {
    throw new Error(
      `its matrix is ${columns} x ${rows}, that of the images ${source.columns} x ${source.rows}`,
    );
  }
  const [rowSpacing, columnSpacing] = isTurned ? [...spacing].reverse() : spacing;
  const expected = source.pixelSpacing;
  if (
    Math.abs(rowSpacing / expected[0] - 1) > SPACING_TOLERANCE ||
    Math.abs(columnSpacing / expected[1] - 1) > SPACING_TOLERANCE
  ) {
    throw new Error(
      `its pixel spacing is ${spacing.join('\\')} mm, that of the images ${expected.join('\\')} mm`,
    );
  }
  const sliceIndex = nearestSlice(position, source);
  const [fromColumn, fromRow] = [0, 1].map(axis =>
    steps[0][axis] + steps[1][axis] < 0 ? (axis ? source.rows : source.columns) - 1 : 0,
  );
  const [own, origin] = [source.orientations[sliceIndex], source.positions[sliceIndex]];
  for (const [column, row] of [
    [0, 0],
    [columns - 1, 0],
    [0, rows - 1],
  ]) {
    const offset = position.map(
      (value, axis) =>
        value +
        directions[0][axis] * spacing[1] * column +
        directions[1][axis] * spacing[0] * row -
        origin[axis],
    );
    const beside = [
      dot(offset, own.slice(0, 3)) -
        (fromColumn + steps[0][0] * column + steps[1][0] * row) * expected[1],
      dot(offset, own.slice(3)) -
        (fromRow + steps[0][1] * column + steps[1][1] * row) * expected[0],
    ];
    if (
      Math.abs(beside[0]) > PIXEL_TOLERANCE * expected[1] ||
      Math.abs(beside[1]) > PIXEL_TOLERANCE * expected[0]
    ) {
      throw new Error(
        `its pixel in column ${column + 1}, row ${row + 1} lies ${beside[0].toFixed(2)} mm and ${beside[1].toFixed(2)} mm beside that of the image`,
      );
    }
  }
  const index = ([a, b]: number[]) => a + b * source.columns;
  return {
    sliceIndex,
    start: index([fromColumn, fromRow]),
    columnStep: index(steps[0]),
    rowStep: index(steps[1]),
  };
}

/** Returns the slice in whose plane a position lies. */
function nearestSlice(position: readonly number[], source: SourceGeometry): number {
  const normal = cross(source.orientation.slice(0, 3), source.orientation.slice(3));
  const heights = source.positions.map(other => dot(other, normal));
  const height = dot(position, normal);
  let nearest = 0;
  heights.forEach((other, i) => {
    if (Math.abs(other - height) < Math.abs(heights[nearest] - height)) nearest = i;
  });
  const gaps = heights
    .filter((_, i) => i !== nearest)
    .map(other => Math.abs(other - heights[nearest]));
  const gap = gaps.reduce((least, value) => Math.min(least, value), Infinity);
  const distance = Math.abs(heights[nearest] - height);
  const tolerance = Math.min(gap / 4, Math.max(ROUNDING_MM, PLACE_TOLERANCE * gap));
  if (distance > (Number.isFinite(tolerance) ? tolerance : ROUNDING_MM)) {
    throw new OffEveryImage(`it lies ${distance.toFixed(2)} mm beside the nearest image`);
  }
  return nearest;
}

function snapped(cosine: number): number {
  const nearest = Math.round(cosine);
  return Math.abs(cosine - nearest) <= DIRECTION_TOLERANCE ? nearest : NaN;
}
