import { FewshotError } from 'fewshot-sam/errors';
import { ALGORITHM, PRODUCT } from './algorithm';
import { CODES, codeSequence } from './code';
import { decimalString, textOf, type NaturalizedDataset } from './naturalized';
import { newUid } from './newUid';
import { packFrames } from './packFrames';
import { longString, segmentSequence, type SegmentDescription } from './segmentSequence';
import { sourceGeometry, type SourceGeometry } from './sourceGeometry';
import { lossyCompression, sourceModules } from './sourceModules';

const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';

export interface Segment extends SegmentDescription {
  /**
   * Slice index -> mask on the source's own grid: row-major, `rows * columns`, 1 inside, 0 outside.
   * Slices may be left out or empty.
   */
  masks: ReadonlyMap<number, Uint8Array>;
}

export interface SegmentationOptions {
  seriesDescription?: string;
  seriesNumber?: number;
  /** Who made it, as a DICOM person name: `Family^Given`. */
  contentCreatorName?: string;
  /** Moment of creation. */
  now?: Date;
}

/** One frame: a segment on a slice. */
interface Frame {
  segmentNumber: number;
  sliceIndex: number;
  mask: Uint8Array;
}

/**
 * A DICOM SEG (Segmentation Storage, type BINARY; PS3.3, A.51) of segments drawn on the images of one
 * series. The grid is the source's: nothing is resampled. There is a frame for each segment on each
 * slice that has it, none for the others.
 *
 * @param instances naturalized metadata of the source images, one per slice, in ascending order along
 *   the slice normal
 * @param segments numbered from 1 in their order; each must have at least one voxel
 * @returns a naturalized dcmjs data set, with `_vrMap`; see `encodePart10`
 * @throws FewshotError `bad-input` when there is no voxel, or a mask is not on the source's grid;
 *   `bad-geometry` when the source lacks geometry or identifiers, or mixes sizes or orientations
 */
export function createSegmentation(
  instances: NaturalizedDataset[],
  segments: Segment[],
  options: SegmentationOptions = {},
): NaturalizedDataset {
  const geometry = sourceGeometry(instances);
  requireIdentifiers(instances);
  const frames = framesOf(segments, geometry);
  const sliceIndices = [...new Set(frames.map(frame => frame.sliceIndex))].sort((a, b) => a - b);
  const { date, time } = dateAndTime(options.now ?? new Date());
  const dimensionOrganizationUID = newUid();
  const pixels = packFrames(
    frames.map(frame => frame.mask),
    geometry.rows * geometry.columns,
  );
  return {
    _vrMap: { PixelData: 'OB' },
    ...sourceModules(instances[0]),

    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: SEGMENTATION_STORAGE,
    SOPInstanceUID: newUid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,

    Modality: 'SEG',
    SeriesInstanceUID: newUid(),
    SeriesNumber: String(options.seriesNumber ?? 1),
    SeriesDescription: longString(options.seriesDescription ?? 'Segmentation'),
    SeriesDate: date,
    SeriesTime: time,

    Manufacturer: ALGORITHM.name,
    ManufacturerModelName: PRODUCT,
    // Software that runs in a browser has none, yet it must not be empty (PS3.3, C.7.5.2).
    DeviceSerialNumber: '0',
    SoftwareVersions: ALGORITHM.version,

    InstanceNumber: '1',
    ContentDate: date,
    ContentTime: time,
    ContentLabel: 'SEGMENTATION',
    ContentDescription: longString(options.seriesDescription ?? 'Segmentation'),
    ContentCreatorName: options.contentCreatorName ?? '',

    ImageType: ['DERIVED', 'PRIMARY'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    BitsAllocated: 1,
    BitsStored: 1,
    HighBit: 0,
    Rows: geometry.rows,
    Columns: geometry.columns,
    NumberOfFrames: String(frames.length),
    ...lossyCompression(instances),
    SegmentationType: 'BINARY',
    SegmentsOverlap: overlap(frames) ? 'YES' : 'NO',
    SegmentSequence: segmentSequence(segments),

    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionOrganizationUID }],
    DimensionIndexSequence: dimensionIndices(dimensionOrganizationUID),
    SharedFunctionalGroupsSequence: [sharedFunctionalGroups(geometry)],
    PerFrameFunctionalGroupsSequence: frames.map(frame =>
      perFrameFunctionalGroups(frame, instances[frame.sliceIndex], geometry, sliceIndices),
    ),
    ReferencedSeriesSequence: [
      {
        ReferencedInstanceSequence: sliceIndices.map(index => reference(instances[index])),
        SeriesInstanceUID: textOf(instances[0], 'SeriesInstanceUID'),
      },
    ],
    PixelData: pixels.buffer,
  };
}

function requireIdentifiers(instances: NaturalizedDataset[]): void {
  instances.forEach((instance, index) => {
    for (const keyword of [
      'SOPClassUID',
      'SOPInstanceUID',
      'SeriesInstanceUID',
      'StudyInstanceUID',
    ]) {
      if (textOf(instance, keyword)) continue;
      throw new FewshotError(
        'bad-geometry',
        `Image ${index + 1} has no ${keyword}, so a segmentation cannot refer to it.`,
        'Ask whoever runs the archive to repair the series.',
      );
    }
  });
}

/** Frames by segment, then by slice. */
function framesOf(segments: Segment[], { rows, columns, positions }: SourceGeometry): Frame[] {
  const frames: Frame[] = [];
  segments.forEach((segment, index) => {
    const before = frames.length;
    for (const sliceIndex of [...segment.masks.keys()].sort((a, b) => a - b)) {
      const mask = segment.masks.get(sliceIndex)!;
      const name = `"${segment.label}" on slice ${sliceIndex + 1}`;
      if (!(sliceIndex in positions)) {
        throw new FewshotError(
          'bad-input',
          `${name}: the series has ${positions.length} slices.`,
          'Make the segmentation on the series that it is stored for.',
        );
      }
      if (mask.length !== rows * columns) {
        throw new FewshotError(
          'bad-input',
          `${name} has ${mask.length} voxels, the image has ${rows * columns}.`,
          'Make the segmentation on the grid of the original images.',
        );
      }
      if (mask.includes(1)) frames.push({ segmentNumber: index + 1, sliceIndex, mask });
      else if (mask.some(value => value !== 0)) {
        throw new FewshotError(
          'bad-input',
          `${name} is not a mask of 0 and 1.`,
          'Give masks that are 1 inside the structure and 0 outside.',
        );
      }
    }
    if (frames.length === before && segments.length > 1) throw nothingToStore(segment.label);
  });
  if (!frames.length) throw nothingToStore(segments[0]?.label);
  return frames;
}

function nothingToStore(label: string | undefined): FewshotError {
  return new FewshotError(
    'bad-input',
    label ? `"${label}" has no voxel, so there is nothing to store.` : 'There is nothing to store.',
    'Outline the structure on at least one slice.',
  );
}

/** Whether any voxel belongs to two segments. */
function overlap(frames: Frame[]): boolean {
  const taken = new Map<number, Uint8Array>();
  for (const { sliceIndex, mask } of frames) {
    const union = taken.get(sliceIndex);
    if (!union) {
      taken.set(sliceIndex, mask.slice());
      continue;
    }
    const last = mask.lastIndexOf(1);
    for (let i = mask.indexOf(1); i <= last; i++) {
      if (mask[i] !== 1) continue;
      if (union[i] === 1) return true;
      union[i] = 1;
    }
  }
  return false;
}

/** Tags as dcmjs writes the VR AT. */
const TAG = {
  segmentIdentificationSequence: 0x0062000a,
  referencedSegmentNumber: 0x0062000b,
  planePositionSequence: 0x00209113,
  imagePositionPatient: 0x00200032,
};

function dimensionIndices(uid: string): NaturalizedDataset[] {
  return [
    {
      DimensionOrganizationUID: uid,
      DimensionIndexPointer: TAG.referencedSegmentNumber,
      FunctionalGroupPointer: TAG.segmentIdentificationSequence,
      DimensionDescriptionLabel: 'ReferencedSegmentNumber',
    },
    {
      DimensionOrganizationUID: uid,
      DimensionIndexPointer: TAG.imagePositionPatient,
      FunctionalGroupPointer: TAG.planePositionSequence,
      DimensionDescriptionLabel: 'ImagePositionPatient',
    },
  ];
}

function sharedFunctionalGroups(geometry: SourceGeometry): NaturalizedDataset {
  const { sliceThickness, spacingBetweenSlices } = geometry;
  return {
    PlaneOrientationSequence: [
      { ImageOrientationPatient: geometry.orientation.map(decimalString) },
    ],
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

function perFrameFunctionalGroups(
  { segmentNumber, sliceIndex }: Frame,
  source: NaturalizedDataset,
  { positions }: SourceGeometry,
  sliceIndices: number[],
): NaturalizedDataset {
  return {
    DerivationImageSequence: [
      {
        SourceImageSequence: [
          {
            ...reference(source),
            PurposeOfReferenceCodeSequence: codeSequence(CODES.sourceImage),
          },
        ],
        DerivationCodeSequence: codeSequence(CODES.segmentation),
      },
    ],
    FrameContentSequence: [
      { DimensionIndexValues: [segmentNumber, sliceIndices.indexOf(sliceIndex) + 1] },
    ],
    PlanePositionSequence: [{ ImagePositionPatient: positions[sliceIndex].map(decimalString) }],
    SegmentIdentificationSequence: [{ ReferencedSegmentNumber: segmentNumber }],
  };
}

function reference(instance: NaturalizedDataset): NaturalizedDataset {
  return {
    ReferencedSOPClassUID: textOf(instance, 'SOPClassUID'),
    ReferencedSOPInstanceUID: textOf(instance, 'SOPInstanceUID'),
  };
}

/** Local date and time, as archives show them. */
function dateAndTime(now: Date): { date: string; time: string } {
  const pad = (value: number) => String(value).padStart(2, '0');
  return {
    date: `${now.getFullYear()}${pad(now.getMonth() + 1)}${pad(now.getDate())}`,
    time: `${pad(now.getHours())}${pad(now.getMinutes())}${pad(now.getSeconds())}`,
  };
}
