import { FewshotError } from 'fewshot-sam';
import { placeOf } from 'fewshot-sam-dicom/expandFrames';
import { itemsOf } from 'fewshot-sam-dicom/naturalized';
import type { Cornerstone, DisplaySet, Instance } from '../host/ohif';
import type { Cut } from './reformat';

/**
 * The images of one series in their order along the slice normal: ascending or descending, as the
 * viewer itself shows and counts them.
 */
export interface Series {
  displaySetInstanceUID: string;
  studyInstanceUID: string;
  seriesInstanceUID: string;
  description: string;
  modality: string;
  imageIds: string[];
  /** Naturalized DICOM metadata, in the same order; of frames, as the viewer takes images apart. */
  instances: Instance[];
  rows: number;
  columns: number;
  /** mm between the centres of neighbouring rows. */
  rowSpacing: number;
  /** mm between the centres of neighbouring columns. */
  columnSpacing: number;
  /** mm between the centres of neighbouring slices; the median where distances differ. */
  sliceSpacing: number;
  /** Of slices that were cut from a series along another axis: from what and how. */
  cut?: Cut;
}

/** The series as it was acquired, whatever plane it is seen in. */
export function sourceOf(series: Series): Series {
  return series.cut?.source ?? series;
}

const MINIMUM_IMAGES = 3;

/** Modalities whose images are shadows of a whole body part; tomosynthesis among them says where its slices lie. */
const PROJECTIONS = new Set(['CR', 'DX', 'IO', 'MG', 'PX', 'RF', 'RG', 'XA']);

function numbers(value: unknown, length: number): number[] | null {
  const list =
    Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as number[]) : [];
  const parsed = list.map(Number);
  return parsed.length === length && parsed.every(Number.isFinite) ? parsed : null;
}

function geometryMissing(attribute: string): FewshotError {
  return new FewshotError(
    'bad-geometry',
    `This series has no usable ${attribute}, so its slices cannot be put in order.`,
    'Choose a series with full geometry, such as the original CT or MR acquisition.',
  );
}

/**
 * Order and distance of images along their common normal (DICOM PS3.3 C.7.6.2.1.1).
 *
 * @returns positions into `instances`, ascending along row direction x column direction, and the
 *   median distance of neighbours in mm
 * @throws FewshotError `bad-geometry` when position or orientation is missing, orientations differ by
 *   more than 0.01, or two images lie at one position
 */
export function orderAlongNormal(instances: Instance[]): {
  order: number[];
  sliceSpacing: number;
} {
  let orientation: number[] | null = null;
  const distances = instances.map(instance => {
    const current = numbers(instance.ImageOrientationPatient, 6);
    const position = numbers(instance.ImagePositionPatient, 3);
    if (!current) throw geometryMissing('Image Orientation (Patient)');
    if (!position) throw geometryMissing('Image Position (Patient)');
    orientation ??= current;
    if (orientation.some((value, i) => Math.abs(value - current[i]) > 0.01)) {
      throw new FewshotError(
        'bad-geometry',
        'The images of this series lie in different planes (a localizer, or several stacks in one).',
        'Choose a series whose images are all parallel.',
      );
    }
    const [rx, ry, rz, cx, cy, cz] = orientation;
    const normal = [ry * cz - rz * cy, rz * cx - rx * cz, rx * cy - ry * cx];
    return normal[0] * position[0] + normal[1] * position[1] + normal[2] * position[2];
  });
  const order = distances.map((_, i) => i).sort((a, b) => distances[a] - distances[b]);
  const gaps = order.slice(1).map((image, i) => distances[image] - distances[order[i]]);
  if (gaps.some(gap => gap < 1e-3)) {
    throw new FewshotError(
      'bad-geometry',
      'Two images of this series lie at the same position (several phases or echoes in one series).',
      'Choose a series with one image per position.',
    );
  }
  gaps.sort((a, b) => a - b);
  return { order, sliceSpacing: gaps[Math.floor(gaps.length / 2)] };
}

/**
 * Whether a frame of a multi-frame image says itself where it lies: for those that do not, the viewer
 * makes a place up.
 */
function isPlacedFrame(instance: Instance): boolean {
  const [shared = {}] = itemsOf(instance, 'SharedFunctionalGroupsSequence');
  const frames = itemsOf(instance, 'PerFrameFunctionalGroupsSequence');
  const frame = frames[Number(instance.frameNumber) - 1];
  return frame !== undefined && 'ImagePositionPatient' in placeOf(shared, frame);
}

/** Whether an image is no slice through a body, but a shadow of it. */
function isProjection(instance: Instance): boolean {
  if (!PROJECTIONS.has(String(instance.Modality))) return false;
  const isPlaced =
    Number(instance.NumberOfFrames ?? 1) > 1
      ? isPlacedFrame(instance)
      : numbers(instance.ImagePositionPatient, 3) !== null;
  return !isPlaced;
}

/** Names one slice among all: the image, and the frame of it. */
export function imageIdentity({ SOPInstanceUID, frameNumber }: Instance): string {
  return `${SOPInstanceUID}#${Number(frameNumber ?? 1)}`;
}

/**
 * The series behind a display set, checked to be something that can be propagated through.
 *
 * @throws FewshotError `bad-input` for projections, colour, single or differently sized images; `bad-geometry` where
 *   position, orientation or pixel spacing is missing
 */
export function seriesOf(displaySet: DisplaySet, core: Cornerstone['core']): Series {
  const imageIds = displaySet.imageIds ?? [];
  const instances = imageIds.map(imageId => core.metaData.get('instance', imageId) as Instance);
  const projection = instances.find(isProjection);
  if (projection) {
    throw new FewshotError(
      'bad-input',
      `This is an X-ray projection (modality ${String(projection.Modality)}), not a stack of slices; there is nothing to propagate to.`,
      'Choose a series of slices, such as CT or MR.',
    );
  }
  if (imageIds.length < MINIMUM_IMAGES) {
    throw new FewshotError(
      'bad-input',
      `This series has ${imageIds.length === 1 ? 'a single image' : `${imageIds.length} images`}; there is nothing to propagate to.`,
      `Choose a series with at least ${MINIMUM_IMAGES} slices.`,
    );
  }
  const first = instances[0];
  for (const instance of instances) {
    const photometric = String(instance.PhotometricInterpretation ?? '');
    if (Number(instance.SamplesPerPixel ?? 1) > 1 || !photometric.startsWith('MONOCHROME')) {
      throw new FewshotError(
        'bad-input',
        `These are colour images (${photometric || 'unknown photometric interpretation'}).`,
        'Choose a greyscale series, such as CT or MR.',
      );
    }
    if (Number(instance.NumberOfFrames ?? 1) > 1 && !isPlacedFrame(instance)) {
      throw new FewshotError(
        'bad-geometry',
        'This is a multi-frame image that does not say where each of its frames lies.',
        'Choose an enhanced CT or MR image, or a series with one file per slice.',
      );
    }
    if (instance.Rows !== first.Rows || instance.Columns !== first.Columns) {
      throw new FewshotError(
        'bad-input',
        `The images of this series differ in size (${first.Columns} x ${first.Rows} and ${instance.Columns} x ${instance.Rows}).`,
        'Choose a series whose images are all of one size.',
      );
    }
  }
  const spacing = numbers(first.PixelSpacing, 2);
  if (!spacing || spacing.some(value => value <= 0)) throw geometryMissing('Pixel Spacing');
  const { order: ascending, sliceSpacing } = orderAlongNormal(instances);
  const order = ascending[0] > ascending[ascending.length - 1] ? ascending.reverse() : ascending;
  return {
    displaySetInstanceUID: displaySet.displaySetInstanceUID,
    studyInstanceUID: displaySet.StudyInstanceUID,
    seriesInstanceUID: displaySet.SeriesInstanceUID,
    description: displaySet.SeriesDescription ?? '',
    modality: displaySet.Modality,
    imageIds: order.map(i => imageIds[i]),
    instances: order.map(i => instances[i]),
    rows: Number(first.Rows),
    columns: Number(first.Columns),
    rowSpacing: spacing[0],
    columnSpacing: spacing[1],
    sliceSpacing,
  };
}
