import {
  FewshotError,
  isSamePixelSpacing,
  isSameStack,
  seriesGeometry,
  type SeriesGeometry,
  seriesNotes,
  type SlicePlace,
} from 'fewshot-sam';
import { itemsOf, placeOf } from 'fewshot-sam-dicom';
import type { Cornerstone, DisplaySet, Instance } from '../host/ohif';
import { storedFormat } from './modalityValues';
import type { Reslice } from './reslice';

/**
 * The images of one series, ordered along the slice normal: ascending or descending, as the viewer shows
 * and counts them.
 */
export interface Series {
  displaySetInstanceUID: string;
  studyInstanceUID: string;
  seriesInstanceUID: string;
  description: string;
  modality: string;
  imageIds: string[];
  /** Naturalized DICOM metadata, in the same order; one per frame for multi-frame images. */
  instances: Instance[];
  rows: number;
  columns: number;
  /** mm between the centers of adjacent rows. */
  rowSpacing: number;
  /** mm between the centers of adjacent columns. */
  columnSpacing: number;
  /** mm between the centers of adjacent slices; the median if distances differ. */
  sliceSpacing: number;
  /** Position of each slice along the normal in mm; only if they are unevenly spaced. */
  slicePositions?: number[];
  /** Source and geometry, if the series is resliced. */
  reslice?: Reslice;
}

/** Obstacle if the active viewport shows no series. */
export const NO_SERIES = {
  message: 'No series is shown in the active viewport.',
  remedy: 'Drag a CT or MR series into the viewport.',
};

/** The series as it was acquired, whatever plane it is shown in. */
export function sourceOf(series: Series): Series {
  return series.reslice?.source ?? series;
}

const MINIMUM_IMAGES = 3;

/** Projection modalities. Tomosynthesis images among them state the position of their slices. */
const PROJECTIONS = new Set(['CR', 'DX', 'IO', 'MG', 'PX', 'RF', 'RG', 'XA']);

function numbers(value: unknown, length: number): number[] | null {
  const list =
    Array.isArray(value) || ArrayBuffer.isView(value) ? Array.from(value as number[]) : [];
  const parsed = list.map(Number);
  return parsed.length === length && parsed.every(Number.isFinite) ? parsed : null;
}

/** Name of an image as in the viewer's overlay. Without an Instance Number, its place in the list. */
export function imageName(instance: Instance, index: number): string {
  if (Number(instance.NumberOfFrames ?? 1) > 1) return `Frame ${Number(instance.frameNumber)}`;
  const number = Number(instance.InstanceNumber);
  return `Image ${Number.isInteger(number) && number > 0 ? number : index + 1}`;
}

/** "Image 4", "Image 4 and Image 5", "Image 4, Image 5 and 6 others". */
function imageNames(images: readonly number[], instances: readonly Instance[]): string {
  const names = images.map(image => imageName(instances[image], image));
  if (names.length > 3) return `${names.slice(0, 2).join(', ')} and ${names.length - 2} others`;
  return [names.slice(0, -1).join(', '), names[names.length - 1]].filter(Boolean).join(' and ');
}

/** Position and orientation of each image, in the order of the list. */
export function placesOf(instances: readonly Instance[]): SlicePlace[] {
  return instances.map(instance => ({
    position: numbers(instance.ImagePositionPatient, 3) ?? [],
    orientation: numbers(instance.ImageOrientationPatient, 6) ?? [],
    pixelSpacing: numbers(instance.PixelSpacing, 2) ?? undefined,
  }));
}

/**
 * Checks that every image has a position and Pixel Spacing, and that all agree in size, spacing and
 * orientation.
 *
 * @throws FewshotError `bad-geometry` or `bad-input` that names the images that differ
 */
function checkAlike(instances: readonly Instance[]): void {
  for (const [keyword, title, count] of [
    ['ImageOrientationPatient', 'Image Orientation (Patient)', 6],
    ['ImagePositionPatient', 'Image Position (Patient)', 3],
    ['PixelSpacing', 'Pixel Spacing', 2],
  ] as const) {
    const lacking = instances.flatMap((instance, image) => {
      const values = numbers(instance[keyword], count);
      const isUsable = values && (keyword !== 'PixelSpacing' || values.every(value => value > 0));
      return isUsable ? [] : [image];
    });
    if (lacking.length === 0) continue;
    const who =
      lacking.length === instances.length
        ? 'This series has'
        : `${imageNames(lacking, instances)} ${lacking.length === 1 ? 'has' : 'have'}`;
    throw new FewshotError(
      'bad-geometry',
      `${who} no usable ${title}, so it is unknown where the voxels lie.`,
      'Choose a series with full geometry, such as the original CT or MR acquisition.',
    );
  }
  const places = placesOf(instances);
  const isSameSize = (a: number, b: number) =>
    instances[a].Rows === instances[b].Rows && instances[a].Columns === instances[b].Columns;
  refuseOddOnes(instances, isSameSize, 'bad-input', 'size', image => {
    const { Rows, Columns } = instances[image];
    return `${String(Columns)} x ${String(Rows)}`;
  });
  const isParallel = (a: number, b: number) =>
    isSameStack(places[a].orientation, places[b].orientation);
  refuseOddOnes(
    instances,
    isParallel,
    'bad-geometry',
    'orientation, as in a localizer or several stacks in one',
  );
  const isSameSpacing = (a: number, b: number) =>
    isSamePixelSpacing(places[a].pixelSpacing!, places[b].pixelSpacing!);
  refuseOddOnes(
    instances,
    isSameSpacing,
    'bad-geometry',
    'Pixel Spacing',
    image => `${Array.from(places[image].pixelSpacing!).join(' x ')} mm`,
  );
}

/** @throws FewshotError that names the images that differ from the majority */
function refuseOddOnes(
  instances: readonly Instance[],
  isSame: (a: number, b: number) => boolean,
  code: 'bad-input' | 'bad-geometry',
  what: string,
  words?: (image: number) => string,
): void {
  const groups: number[][] = [];
  for (let image = 0; image < instances.length; image++) {
    const group = groups.find(([first]) => isSame(first, image));
    if (group) group.push(image);
    else groups.push([image]);
  }
  if (groups.length === 1) return;
  const [usual, ...others] = groups.sort((a, b) => b.length - a.length);
  const odd = others.flat().sort((a, b) => a - b);
  const values = words ? ` (${words(odd[0])}, the others ${words(usual[0])})` : '';
  throw new FewshotError(
    code,
    `${imageNames(odd, instances)} ${odd.length === 1 ? 'differs' : 'differ'} from the others of this series in ${what}${values}.`,
    'Choose a series whose images all have one size, Pixel Spacing and orientation.',
  );
}

/** Whether a frame carries its own position. The viewer makes one up for frames without. */
function isPlacedFrame(instance: Instance): boolean {
  const [shared = {}] = itemsOf(instance, 'SharedFunctionalGroupsSequence');
  const frames = itemsOf(instance, 'PerFrameFunctionalGroupsSequence');
  const frame = frames[Number(instance.frameNumber) - 1];
  return frame !== undefined && 'ImagePositionPatient' in placeOf(shared, frame);
}

/** Whether an image is an X-ray projection rather than a slice. */
function isProjection(instance: Instance): boolean {
  if (!PROJECTIONS.has(String(instance.Modality))) return false;
  const isPlaced =
    Number(instance.NumberOfFrames ?? 1) > 1
      ? isPlacedFrame(instance)
      : numbers(instance.ImagePositionPatient, 3) !== null;
  return !isPlaced;
}

/** Identity of a slice: SOP Instance UID and frame number. */
export function imageIdentity({ SOPInstanceUID, frameNumber }: Instance): string {
  return `${SOPInstanceUID}#${Number(frameNumber ?? 1)}`;
}

/**
 * Order and distance of images along their common normal, from their positions alone.
 *
 * @throws FewshotError `bad-geometry` that names two images at one position
 */
export function orderAlongNormal(instances: readonly Instance[]): SeriesGeometry {
  try {
    return seriesGeometry(placesOf(instances), image => imageName(instances[image], image));
  } catch (error) {
    if (!(error instanceof FewshotError)) throw error;
    throw new FewshotError(
      error.code,
      error.message,
      'Choose a series with one image per position (one phase, echo or time point), all parallel.',
      { cause: error },
    );
  }
}

/** Notes on unusual slice geometry, with slices numbered from 1 as in the panel; see `seriesNotes`. */
export function notesOn({ instances }: Series): string[] {
  const geometry = seriesGeometry(placesOf(instances));
  return seriesNotes(
    geometry,
    geometry.order.map(image => image + 1),
  );
}

/**
 * The series of a display set, checked to be a stack that can be propagated through.
 *
 * @throws FewshotError `bad-input` for projections, color images, too few images or different sizes;
 *   `bad-geometry` if position, orientation or pixel spacing is missing or differs
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
        `These are color images (${photometric || 'unknown photometric interpretation'}).`,
        'Choose a grayscale series, such as CT or MR.',
      );
    }
    if (Number(instance.NumberOfFrames ?? 1) > 1 && !isPlacedFrame(instance)) {
      throw new FewshotError(
        'bad-geometry',
        'This is a multi-frame image that does not say where each of its frames lies.',
        'Choose an enhanced CT or MR image, or a series with one file per slice.',
      );
    }
  }
  checkAlike(instances);
  instances.forEach((instance, i) => storedFormat(instance, imageName(instance, i)));
  const spacing = numbers(first.PixelSpacing, 2)!;
  const { order: ascending, heights, isEven, sliceSpacing } = orderAlongNormal(instances);
  const isReversed = ascending[0] > ascending[ascending.length - 1];
  const order = isReversed ? ascending.reverse() : ascending;
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
    ...(!isEven && { slicePositions: isReversed ? heights.reverse() : heights }),
  };
}
