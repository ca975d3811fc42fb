import { cross, dot, unit } from 'fewshot-sam';
import { itemsOf, textOf, valuesOf, type NaturalizedDataset } from '../data/naturalized';
import type { SourceGeometry } from '../series/sourceGeometry';

/** Farthest that a point may lie off its image, in pixels. */
const OFF_PLANE = 0.01;
/** Characters of a value of the VR DS. */
const LONGEST_DECIMAL = 16;

/**
 * Checks a structure set before it is written, because validators pass wrong point counts, unknown ROI
 * numbers and points off their plane.
 *
 * @param sources images of the series, one per slice
 * @throws Error on a fault of this software
 */
export function checkStructureSet(
  dataset: NaturalizedDataset,
  sources: readonly NaturalizedDataset[],
  geometry: SourceGeometry,
): void {
  const require = (isRight: boolean, what: string) => {
    if (!isRight) throw new Error(`The structure set is not written: ${what}.`);
  };
  const rois = itemsOf(dataset, 'StructureSetROISequence');
  const numbers = rois.map(roi => textOf(roi, 'ROINumber'));
  const names = rois.map(roi => textOf(roi, 'ROIName'));
  require(rois.length > 0, 'it has no ROI');
  require(new Set(numbers).size === rois.length, 'an ROI number occurs twice');
  require(names.every(Boolean) &&
    new Set(names).size === rois.length, 'names of ROIs are not unique');
  const [frame = {}] = itemsOf(dataset, 'ReferencedFrameOfReferenceSequence');
  const frameOfReference = textOf(frame, 'FrameOfReferenceUID');
  require(frameOfReference !== '' &&
    rois.every(
      roi => textOf(roi, 'ReferencedFrameOfReferenceUID') === frameOfReference,
    ), 'an ROI lies in another frame of reference');
  for (const keyword of ['ROIContourSequence', 'RTROIObservationsSequence']) {
    const referred = itemsOf(dataset, keyword).map(item => textOf(item, 'ReferencedROINumber'));
    require(referred.length === rois.length &&
      numbers.every(number =>
        referred.includes(number),
      ), `${keyword} does not refer to each ROI once`);
  }
  const slices = new Map(sources.map((source, slice) => [imageKey(source), slice]));
  const pixel = Math.min(...geometry.pixelSpacing);
  for (const contour of itemsOf(dataset, 'ROIContourSequence').flatMap(roi =>
    itemsOf(roi, 'ContourSequence'),
  )) {
    const data = valuesOf(contour, 'ContourData');
    const points = Number(textOf(contour, 'NumberOfContourPoints'));
    require(points >= 3 && data.length === 3 * points, 'a contour has a wrong number of points');
    require(data.every(
      value => String(value).length <= LONGEST_DECIMAL && Number.isFinite(Number(value)),
    ), 'a coordinate is no decimal string');
    const [image = {}] = itemsOf(contour, 'ContourImageSequence');
    const slice = slices.get(referenceKey(image));
    require(slice !== undefined, 'a contour refers to an image that is not in the series');
    const orientation = geometry.orientations[slice!];
    const normal = unit(cross(orientation.slice(0, 3), orientation.slice(3)));
    const height = dot(geometry.positions[slice!], normal);
    for (let i = 0; i < data.length; i += 3) {
      const off = dot(data.slice(i, i + 3).map(Number), normal) - height;
      require(Math.abs(off) <= OFF_PLANE * pixel, 'a point lies off its image');
    }
  }
}

const imageKey = (source: NaturalizedDataset) =>
  `${textOf(source, 'SOPInstanceUID')}#${Number(source.NumberOfFrames) > 1 ? String(source.frameNumber) : ''}`;

const referenceKey = (reference: NaturalizedDataset) =>
  `${textOf(reference, 'ReferencedSOPInstanceUID')}#${textOf(reference, 'ReferencedFrameNumber')}`;
