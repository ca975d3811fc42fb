import { CODES, codeSequence } from '../data/code';
import { imageReference } from '../series/expandFrames';
import { decimalString, type NaturalizedDataset } from '../data/naturalized';
import type { SourceGeometry } from '../series/sourceGeometry';

/** Tags as numbers, as dcmjs writes the VR AT. */
const TAG = {
  segmentIdentificationSequence: 0x0062000a,
  referencedSegmentNumber: 0x0062000b,
  planePositionSequence: 0x00209113,
  imagePositionPatient: 0x00200032,
};

/** A frame of the SEG. */
export interface Frame {
  sliceIndex: number;
  /** Absent where the frame holds all segments, as in a label map. */
  segmentNumber?: number;
}

/**
 * Returns the Dimension Index Sequence: by segment, unless frames hold all segments, and by position
 * (PS3.3, C.7.6.17).
 */
export function dimensionIndices(uid: string, bySegment: boolean): NaturalizedDataset[] {
  const place = {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: TAG.imagePositionPatient,
    FunctionalGroupPointer: TAG.planePositionSequence,
    DimensionDescriptionLabel: 'ImagePositionPatient',
  };
  const segment = {
    DimensionOrganizationUID: uid,
    DimensionIndexPointer: TAG.referencedSegmentNumber,
    FunctionalGroupPointer: TAG.segmentIdentificationSequence,
    DimensionDescriptionLabel: 'ReferencedSegmentNumber',
  };
  return bySegment ? [segment, place] : [place];
}

/** Returns the functional groups shared by all frames. */
export function sharedFunctionalGroups(geometry: SourceGeometry): NaturalizedDataset {
  const { sliceThickness, spacingBetweenSlices, orientation, isParallel } = geometry;
  return {
    ...(isParallel ? planeOrientation(orientation) : {}),
    PixelMeasuresSequence: [
      {
        ...(sliceThickness ? { SliceThickness: decimalString(sliceThickness) } : {}),
        ...(spacingBetweenSlices
          ? { SpacingBetweenSlices: decimalString(spacingBetweenSlices) }
          : {}),
        PixelSpacing: geometry.pixelSpacing.map(decimalString),
      },
    ],
  };
}

/**
 * Returns the functional groups of one frame: its source image, position, and segment.
 *
 * @param sliceIndices of all frames, ascending
 */
export function perFrameFunctionalGroups(
  { segmentNumber, sliceIndex }: Frame,
  source: NaturalizedDataset,
  { positions, orientations, isParallel }: SourceGeometry,
  sliceIndices: readonly number[],
): NaturalizedDataset {
  const place = sliceIndices.indexOf(sliceIndex) + 1;
  return {
    DerivationImageSequence: [
      {
        SourceImageSequence: [
          {
            ...imageReference(source),
            // True because nothing is resampled. highdicom indexes by source image only with this
            // attribute.
            SpatialLocationsPreserved: 'YES',
            PurposeOfReferenceCodeSequence: codeSequence(CODES.sourceImage),
          },
        ],
        DerivationCodeSequence: codeSequence(CODES.segmentation),
      },
    ],
    FrameContentSequence: [
      { DimensionIndexValues: segmentNumber ? [segmentNumber, place] : [place] },
    ],
    PlanePositionSequence: [{ ImagePositionPatient: positions[sliceIndex].map(decimalString) }],
    ...(isParallel ? {} : planeOrientation(orientations[sliceIndex])),
    ...(segmentNumber
      ? { SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segmentNumber }] }
      : {}),
  };
}

function planeOrientation(orientation: readonly number[]): NaturalizedDataset {
  return {
    PlaneOrientationSequence: [{ ImageOrientationPatient: orientation.map(decimalString) }],
  };
}
