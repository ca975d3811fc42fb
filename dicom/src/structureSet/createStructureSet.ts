import { FewshotError } from 'fewshot-sam';
import { traceMask } from 'fewshot-sam/contours';
import { ALGORITHM, PRODUCT } from '../data/algorithm';
import { codeSequence } from '../data/code';
import { dateAndTime } from '../data/dateAndTime';
import { encodePart10, IMPLICIT_VR_LITTLE_ENDIAN } from '../data/encodePart10';
import { decimalString, itemsOf, textOf, type NaturalizedDataset } from '../data/naturalized';
import { newUid } from '../data/newUid';
import { checkSources, type Segment } from '../seg/createSegmentation';
import { segmentMasks } from '../seg/segmentMasks';
import {
  anatomicRegionModule,
  cieLab,
  longString,
  typeSequence,
  type SegmentDescription,
} from '../seg/segmentSequence';
import { sourceModules } from '../seg/sourceModules';
import { imageReference, instanceReference } from '../series/expandFrames';
import { predecessorOf, type Predecessor } from '../series/references';
import type { SourceGeometry } from '../series/sourceGeometry';
import { checkStructureSet } from './checkStructureSet';

export const RT_STRUCTURE_SET_STORAGE = '1.2.840.10008.5.1.4.1.1.481.3';
/** Retired, and what RT Referenced Study Sequence still names (PS3.3, C.8.8.5.4). */
const DETACHED_STUDY_MANAGEMENT = '1.2.840.10008.3.1.2.3.1';
/** Characters of the VR SH. */
const SHORT_STRING = 16;
/** Coordinates are written to this part of a pixel. */
const PART_OF_PIXEL = 1e-3;
/** Bytes of an element of the VR DS in Explicit VR. */
const LONGEST_DECIMALS = 65534;

export interface StructureSetOptions {
  seriesDescription?: string;
  seriesNumber?: number;
  instanceNumber?: number;
  /** The structure set that this one replaces. */
  predecessor?: Predecessor;
  /** Moment of creation. */
  now?: Date;
}

/**
 * Creates an RT Structure Set (PS3.3, A.19) from segments drawn on the images of one series: closed planar
 * contours around their pixels, each on its own image. Holes are joined by keyholes, because some programs
 * unite all contours of a plane. A segment without a voxel becomes an ROI without contours.
 *
 * @param instances naturalized metadata of the source images, one per slice, in ascending order along the
 *   slice normal; or one enhanced multi-frame image
 * @param segments become ROIs, numbered from 1 in their order; see `roiNames`
 * @returns a naturalized dcmjs data set; see `encodeStructureSet`
 * @throws FewshotError `bad-input` when there is no segment, or a mask is not on the source's grid;
 *   `bad-geometry` when the source lacks geometry, identifiers or a frame of reference
 */
export function createStructureSet(
  instances: NaturalizedDataset[],
  segments: readonly Segment[],
  options: StructureSetOptions = {},
): NaturalizedDataset {
  const { sources, geometry } = checkSources(instances);
  const frameOfReference = checkFrameOfReference(sources);
  if (segments.length === 0) {
    throw new FewshotError('bad-input', 'There is nothing to store.', 'Outline a structure.');
  }
  const names = roiNames(segments);
  const { date, time } = dateAndTime(options.now ?? new Date());
  const masks = segmentMasks(segments, geometry, true);
  const { predecessor } = options;
  const dataset: NaturalizedDataset = {
    ...sourceModules(sources[0]),

    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: RT_STRUCTURE_SET_STORAGE,
    SOPInstanceUID: newUid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    InstanceNumber: String(options.instanceNumber ?? 1),

    Modality: 'RTSTRUCT',
    SeriesInstanceUID: newUid(),
    SeriesNumber: String(options.seriesNumber ?? 1),
    SeriesDescription: longString(options.seriesDescription ?? 'Contours'),
    SeriesDate: date,
    SeriesTime: time,
    OperatorsName: '',

    Manufacturer: ALGORITHM.name,
    ManufacturerModelName: PRODUCT,
    SoftwareVersions: ALGORITHM.version,

    StructureSetLabel: longString(names[0]).slice(0, SHORT_STRING).trim(),
    StructureSetName: longString(options.seriesDescription ?? 'Contours'),
    StructureSetDate: date,
    StructureSetTime: time,
    ...(predecessor
      ? { PredecessorStructureSetSequence: [instanceReference({ ...predecessor })] }
      : {}),
    ReferencedFrameOfReferenceSequence: [referencedImages(sources, frameOfReference)],
    StructureSetROISequence: segments.map((segment, i) => ({
      ROINumber: String(i + 1),
      ReferencedFrameOfReferenceUID: frameOfReference,
      ROIName: names[i],
      ...(segment.description ? { ROIDescription: segment.description.slice(0, 1024) } : {}),
      ROIGenerationAlgorithm: segment.algorithmType,
      ROIGenerationDescription: generationOf(segment),
    })),
    ROIContourSequence: segments.map(({ color }, i) => {
      const contours = masks
        .filter(({ segmentNumber }) => segmentNumber === i + 1)
        .flatMap(({ sliceIndex, mask }) => contoursOf(mask, sliceIndex, sources, geometry))
        .map((contour, number) => ({ ContourNumber: String(number + 1), ...contour }));
      return {
        ROIDisplayColor: color.map(component => String(Math.round(component))),
        RecommendedDisplayCIELabValue: cieLab(color),
        ...(contours.length > 0 ? { ContourSequence: contours } : {}),
        ReferencedROINumber: String(i + 1),
      };
    }),
    RTROIObservationsSequence: segments.map((segment, i) => ({
      ObservationNumber: String(i + 1),
      ReferencedROINumber: String(i + 1),
      ROIObservationLabel: names[i].slice(0, SHORT_STRING).trim(),
      ...codesOf(segment),
      RTROIInterpretedType: '',
      ROIInterpreter: '',
    })),
    ApprovalStatus: 'UNAPPROVED',
  };
  checkStructureSet(dataset, sources, geometry);
  return dataset;
}

/**
 * Returns the frame of reference of a series. Call it before a long computation.
 *
 * @throws FewshotError `bad-geometry` when it has none
 */
export function checkFrameOfReference([first]: readonly NaturalizedDataset[]): string {
  const frameOfReference = textOf(first, 'FrameOfReferenceUID');
  if (frameOfReference) return frameOfReference;
  throw new FewshotError(
    'bad-geometry',
    'The images have no Frame of Reference UID, to which contours must refer.',
    'Store the result as DICOM SEG.',
  );
}

/**
 * Encodes a structure set as a DICOM file. A contour of more than 64 KB cannot be written in Explicit VR,
 * where a decimal string has a length of 16 bits; the file then is in Implicit VR.
 */
export function encodeStructureSet(dataset: NaturalizedDataset): ArrayBuffer {
  const isLong = itemsOf(dataset, 'ROIContourSequence')
    .flatMap(roi => itemsOf(roi, 'ContourSequence'))
    .some(({ ContourData }) => (ContourData as string[]).join('\\').length > LONGEST_DECIMALS);
  return encodePart10(dataset, isLong ? { transferSyntaxUid: IMPLICIT_VR_LITTLE_ENDIAN } : {});
}

/**
 * Returns names of ROIs that other programs keep apart: not empty, not twice, without a slash, which some
 * use in file names.
 */
export function roiNames(segments: readonly Pick<SegmentDescription, 'label'>[]): string[] {
  const taken = new Set<string>();
  return segments.map(({ label }, i) => {
    const wanted = longString(longString(label).replace(/\//g, '-')) || `Structure ${i + 1}`;
    let name = wanted;
    for (let count = 2; taken.has(name.toLowerCase()); count++) {
      const ending = ` ${count}`;
      name = `${Array.from(wanted)
        .slice(0, 64 - ending.length)
        .join('')}${ending}`;
    }
    taken.add(name.toLowerCase());
    return name;
  });
}

function generationOf({ algorithmType, algorithm = ALGORITHM }: SegmentDescription): string {
  if (algorithmType === 'MANUAL') return '';
  return longString([algorithm.name, algorithm.version ?? ''].join(' '));
}

/** Returns the codes of a structure (PS3.3, C.8.8.8); none where only the general ones would apply. */
function codesOf(segment: SegmentDescription): NaturalizedDataset {
  const { category, type, typeModifier } = segment;
  return {
    ...(category ? { SegmentedPropertyCategoryCodeSequence: codeSequence(category) } : {}),
    ...(type ? { RTROIIdentificationCodeSequence: typeSequence(type, typeModifier) } : {}),
    ...anatomicRegionModule(segment),
  };
}

function referencedImages(
  sources: NaturalizedDataset[],
  frameOfReference: string,
): NaturalizedDataset {
  const [first] = sources;
  const study = predecessorOf(first);
  const distinct = new Map(sources.map(source => [textOf(source, 'SOPInstanceUID'), source]));
  return {
    FrameOfReferenceUID: frameOfReference,
    RTReferencedStudySequence: [
      {
        ReferencedSOPClassUID: DETACHED_STUDY_MANAGEMENT,
        ReferencedSOPInstanceUID: study.StudyInstanceUID,
        RTReferencedSeriesSequence: [
          {
            SeriesInstanceUID: study.SeriesInstanceUID,
            ContourImageSequence: [...distinct.values()].map(instanceReference),
          },
        ],
      },
    ],
  };
}

function contoursOf(
  mask: Uint8Array,
  slice: number,
  sources: NaturalizedDataset[],
  { rows, columns, positions, orientations, pixelSpacing }: SourceGeometry,
): NaturalizedDataset[] {
  const [rowSpacing, columnSpacing] = pixelSpacing;
  const orientation = orientations[slice];
  const decimals = Math.max(
    0,
    Math.ceil(-Math.log10(Math.min(rowSpacing, columnSpacing) * PART_OF_PIXEL)),
  );
  return traceMask(mask, columns, rows).map(polygon => ({
    ContourImageSequence: [imageReference(sources[slice])],
    ContourGeometricType: 'CLOSED_PLANAR',
    NumberOfContourPoints: String(polygon.length),
    ContourData: polygon.flatMap(([x, y]) =>
      positions[slice].map((start, axis) => {
        const along = orientation[axis] * x * columnSpacing;
        const across = orientation[axis + 3] * y * rowSpacing;
        return decimalString(Number((start + along + across).toFixed(Math.min(decimals, 20))) + 0);
      }),
    ),
  }));
}
