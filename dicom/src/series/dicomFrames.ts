import type dicomParser from 'dicom-parser';
import type { DicomImage } from './dicomSeries';

type DataSet = dicomParser.DataSet;

const TAG = {
  sharedGroups: 'x52009229',
  perFrameGroups: 'x52009230',
  planePosition: 'x00209113',
  planeOrientation: 'x00209116',
  pixelMeasures: 'x00289110',
  pixelValueTransformation: 'x00289145',
  position: 'x00200032',
  orientation: 'x00200037',
  pixelSpacing: 'x00280030',
  intercept: 'x00281052',
  slope: 'x00281053',
};

/** Attributes of one frame from its functional groups (PS3.3, C.7.6.16.2). */
export type FramePlace = Pick<DicomImage, 'position' | 'orientation' | 'pixelSpacing' | 'rescale'>;

/** Returns the decimal strings of an attribute as numbers; none when it is absent. */
export function elementNumbers(dataSet: DataSet, tag: string): number[] {
  return (dataSet.string(tag) ?? '').split('\\').filter(Boolean).map(Number);
}

/** Returns the rescale of an image or a frame; the identity where there is none. */
export function rescaleOf(dataSet: DataSet | undefined): DicomImage['rescale'] {
  const first = (tag: string, otherwise: number) =>
    (dataSet ? elementNumbers(dataSet, tag)[0] : undefined) ?? otherwise;
  return { slope: first(TAG.slope, 1), intercept: first(TAG.intercept, 0) };
}

/** Returns the first item of a sequence in the frame's own groups, else in the shared ones. */
function groupOf(header: DataSet, frame: number, tag: string): DataSet | undefined {
  const own = header.elements[TAG.perFrameGroups]?.items?.[frame]?.dataSet;
  const shared = header.elements[TAG.sharedGroups]?.items?.[0]?.dataSet;
  return (own?.elements[tag] ?? shared?.elements[tag])?.items?.[0]?.dataSet;
}

/**
 * Reads position and rescale of the frames of an enhanced multi-frame image (CT, MR).
 *
 * @param header with its functional groups
 * @returns null when it is not such an image, or a frame has no position
 */
export function framePlaces(header: DataSet, frames: number): FramePlace[] | null {
  if (header.elements[TAG.perFrameGroups]?.items?.length !== frames) return null;
  const places = Array.from({ length: frames }, (_, frame) => {
    const numbers = (group: string, tag: string) => {
      const dataSet = groupOf(header, frame, group);
      return dataSet ? elementNumbers(dataSet, tag) : [];
    };
    return {
      position: numbers(TAG.planePosition, TAG.position),
      orientation: numbers(TAG.planeOrientation, TAG.orientation),
      pixelSpacing: numbers(TAG.pixelMeasures, TAG.pixelSpacing),
      rescale: rescaleOf(groupOf(header, frame, TAG.pixelValueTransformation)),
    };
  });
  const isPlaced = places.every(
    ({ position, orientation }) => position.length === 3 && orientation.length === 6,
  );
  return isPlaced ? places : null;
}
