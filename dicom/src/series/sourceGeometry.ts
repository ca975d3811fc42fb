import { FewshotError, isSamePixelSpacing, isSameStack, seriesGeometry } from 'fewshot-sam';
import { numbersOf, textOf, type NaturalizedDataset } from '../data/naturalized';

/** Geometry of the slices of a series in the patient. */
export interface SourceGeometry {
  rows: number;
  columns: number;
  /** Direction cosines of rows and columns (Image Orientation (Patient)). */
  orientation: number[];
  /** The same per slice; equal to `orientation` if `isParallel`, else within 0.01. */
  orientations: number[][];
  isParallel: boolean;
  /** mm between rows, mm between columns. */
  pixelSpacing: number[];
  /** Center of the first pixel in mm, per slice. */
  positions: number[][];
  /** mm; null when the images do not give it and there is only one. */
  sliceThickness: number | null;
  /** mm between neighboring slices; null when it differs from slice to slice. */
  spacingBetweenSlices: number | null;
}

function geometryError(message: string): FewshotError {
  return new FewshotError(
    'bad-geometry',
    message,
    'Segment the original acquisition, where every image has size, spacing, position and orientation and all are parallel.',
  );
}

/**
 * Reads the grid that a SEG shares with its source images.
 *
 * @param instances naturalized metadata of one series, in the order of its slices
 * @throws FewshotError `bad-geometry` when an image lacks size, spacing, position or orientation, or
 *   when they differ in size, spacing or orientation
 */
export function sourceGeometry(instances: NaturalizedDataset[]): SourceGeometry {
  const [first] = instances;
  if (!first) throw geometryError('There is no source image.');
  const rows = numbersOf(first, 'Rows', 1)?.[0] ?? 0;
  const columns = numbersOf(first, 'Columns', 1)?.[0] ?? 0;
  const orientation = numbersOf(first, 'ImageOrientationPatient', 6);
  const pixelSpacing = numbersOf(first, 'PixelSpacing', 2);
  if (!(rows > 0 && columns > 0)) throw geometryError('The source images have no Rows or Columns.');
  if (!orientation) throw geometryError('Image 1 has no usable Image Orientation (Patient).');
  if (!pixelSpacing || pixelSpacing.some(value => value <= 0)) {
    throw geometryError('Image 1 has no usable Pixel Spacing.');
  }
  const orientations: number[][] = [];
  const positions = instances.map((instance, index) => {
    const name = `Image ${index + 1}`;
    if (Number(instance.Rows) !== rows || Number(instance.Columns) !== columns) {
      throw geometryError(
        `${name} is ${instance.Columns} x ${instance.Rows}, image 1 is ${columns} x ${rows}.`,
      );
    }
    const own = numbersOf(instance, 'ImageOrientationPatient', 6);
    if (!own) throw geometryError(`${name} has no usable Image Orientation (Patient).`);
    if (!isSameStack(own, orientation)) {
      throw geometryError(`${name} is not parallel to image 1.`);
    }
    orientations.push(own);
    const spacing = numbersOf(instance, 'PixelSpacing', 2);
    if (!spacing || !isSamePixelSpacing(spacing, pixelSpacing)) {
      throw geometryError(`${name} has a different Pixel Spacing from image 1, or none.`);
    }
    const position = numbersOf(instance, 'ImagePositionPatient', 3);
    if (!position) throw geometryError(`${name} has no usable Image Position (Patient).`);
    return position;
  });
  const { sliceSpacing, isEven } = seriesGeometry(
    positions.map((position, i) => ({ position, orientation: orientations[i], pixelSpacing })),
  );
  const thickness = Number(textOf(first, 'SliceThickness'));
  return {
    rows,
    columns,
    orientation,
    orientations,
    isParallel: orientations.every(own => own.every((value, i) => value === orientation[i])),
    pixelSpacing,
    positions,
    sliceThickness: thickness > 0 ? thickness : rounded(sliceSpacing),
    spacingBetweenSlices: isEven ? rounded(sliceSpacing) : null,
  };
}

/** Rounds to six significant digits, which fit in a DS; null for a single slice. */
function rounded(spacing: number): number | null {
  return spacing > 0 ? Number(spacing.toPrecision(6)) : null;
}
