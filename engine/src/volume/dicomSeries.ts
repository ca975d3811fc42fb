import { FewshotError } from '../errors';
import type { Triple } from '../metrics/grid';

/** What one DICOM file, or a frame of one, says about its place in a series. */
export interface DicomImage {
  file: string;
  /** Of an enhanced multi-frame image: which of its frames, from 1. */
  frame?: number;
  /** Of an enhanced multi-frame image: stored value * slope + intercept are the modality's units. */
  rescale?: { slope: number; intercept: number };
  /** Series Instance UID; never shown. */
  series: string;
  modality: string;
  rows: number;
  columns: number;
  /** In the file. */
  frames: number;
  /** Image Position (Patient), mm. */
  position: number[];
  /** Image Orientation (Patient): direction of a row, then of a column. */
  orientation: number[];
}

/** How far, in mm or as a share, a position may be off before a series counts as irregular. */
const TOLERANCE_MM = 0.05;
const TOLERANCE_SHARE = 0.2;
const TOLERANCE_ORIENTATION = 1e-3;

/**
 * Sorts the images of one series by position, ascending along the normal of their plane (row
 * direction x column direction: DICOM PS3.3 C.7.6.2.1.1), and checks that they fill a regular grid.
 *
 * @throws FewshotError `bad-input` when there is not exactly one series, or an image of frames that
 *   have no place;
 *   `bad-geometry` when they are no regular stack of at least two
 */
export function sortSeries(images: readonly DicomImage[]): DicomImage[] {
  checkOneSeries(images);
  const [first] = images;
  const multiFrame = images.find(image => image.frames > 1 && image.frame === undefined);
  if (multiFrame) {
    throw new FewshotError(
      'bad-input',
      `The series has an image of ${multiFrame.frames} frames that does not say where each of them lies.`,
      'Give an enhanced CT or MR image, a series with one file per slice, or convert it to NIfTI.',
    );
  }
  if (images.some(image => image.position.length !== 3 || image.orientation.length !== 6)) {
    throw new FewshotError(
      'bad-geometry',
      'An image of the series has no position or orientation in the patient.',
      'Give a cross-sectional series (CT, MR, PET).',
    );
  }
  if (images.some(image => image.rows !== first.rows || image.columns !== first.columns)) {
    throw new FewshotError(
      'bad-geometry',
      'The images of the series differ in size.',
      'Give a folder with the images of one stack.',
    );
  }
  const turned = images.some(image =>
    image.orientation.some(
      (value, i) => Math.abs(value - first.orientation[i]) > TOLERANCE_ORIENTATION,
    ),
  );
  if (turned) {
    throw new FewshotError(
      'bad-geometry',
      'The images of the series differ in orientation, as with a localizer.',
      'Give a folder with the images of one stack.',
    );
  }
  if (images.length < 2) {
    throw new FewshotError(
      'bad-geometry',
      'The series holds a single slice.',
      'Give a volume of several slices.',
    );
  }
  const normal = cross(first.orientation.slice(0, 3), first.orientation.slice(3));
  const height = ({ position }: DicomImage) => dot(position, normal);
  const sorted = [...images].sort((a, b) => height(a) - height(b));
  checkRegular(sorted, normal);
  return sorted;
}

function checkOneSeries(images: readonly DicomImage[]): void {
  if (images.length === 0) {
    throw new FewshotError(
      'bad-input',
      'The folder holds no DICOM image.',
      'Give the folder that holds the DICOM files of one series directly.',
    );
  }
  const series = new Map<string, DicomImage[]>();
  for (const image of images) {
    series.set(image.series, [...(series.get(image.series) ?? []), image]);
  }
  if (series.size > 1) {
    const each = [...series.values()].map(
      members =>
        `${members.length} ${members[0].modality} images of ${members[0].columns} x ${members[0].rows}`,
    );
    throw new FewshotError(
      'bad-input',
      `The folder holds ${series.size} series (${each.join('; ')}).`,
      'Give a folder with the files of one series.',
    );
  }
}

function checkRegular(sorted: readonly DicomImage[], normal: Triple): void {
  const steps = sorted
    .slice(1)
    .map((image, i) => image.position.map((value, axis) => value - sorted[i].position[axis]));
  const gaps = steps.map(step => dot(step, normal));
  const median = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)];
  const tolerance = Math.max(TOLERANCE_MM, TOLERANCE_SHARE * median);
  const duplicate = gaps.findIndex(gap => gap < TOLERANCE_MM / 5);
  if (duplicate >= 0) {
    throw new FewshotError(
      'bad-geometry',
      `Two images of the series lie at the same position (slices ${duplicate} and ${duplicate + 1}).`,
      'Give one phase or time point of the series, each position once.',
    );
  }
  const irregular = gaps.findIndex(gap => Math.abs(gap - median) > tolerance);
  if (irregular >= 0) {
    throw new FewshotError(
      'bad-geometry',
      `The slices are unevenly spaced: ${gaps[irregular].toFixed(2)} mm between slices ${irregular} and ${irregular + 1}, elsewhere ${median.toFixed(2)} mm.`,
      'Check whether an image is missing, and give an evenly spaced series.',
    );
  }
  const slant = steps.findIndex((step, i) => Math.hypot(...step) - gaps[i] > TOLERANCE_MM);
  if (slant >= 0) {
    throw new FewshotError(
      'bad-geometry',
      'The slices are stacked at a slant, as with a tilted CT gantry.',
      'Resample the series to a straight grid and give it as NIfTI.',
    );
  }
}

const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i], 0);

function cross(a: readonly number[], b: readonly number[]): Triple {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
