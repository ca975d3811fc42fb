import { FewshotError } from 'fewshot-sam';
import { ALGORITHM, PRODUCT } from '../data/algorithm';
import { dateAndTime } from '../data/dateAndTime';
import { hasWholeByteFrames, needsPadByte, withEvenLength } from './evenLength';
import { expandFrames } from '../series/expandFrames';
import {
  dimensionIndices,
  perFrameFunctionalGroups,
  sharedFunctionalGroups,
  type Frame,
} from './functionalGroups';
import { textOf, type NaturalizedDataset } from '../data/naturalized';
import { newUid } from '../data/newUid';
import { packFrames } from './packFrames';
import { references, type Predecessor } from '../series/references';
import { bySlice, findOverlap, segmentMasks, type Segment, type SegmentMask } from './segmentMasks';
import { longString, segmentSequence } from './segmentSequence';
import { sourceGeometry, type SourceGeometry } from '../series/sourceGeometry';
import { lossyCompression, sourceModules } from './sourceModules';

export type { Predecessor } from '../series/references';
export type { Segment } from './segmentMasks';

export const SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.4';
export const LABEL_MAP_SEGMENTATION_STORAGE = '1.2.840.10008.5.1.4.1.1.66.7';

/** Value of label map voxels that belong to no segment. */
const BACKGROUND = 0;
const MAXIMUM_LABELS_OF_8_BIT = 255;
const MAXIMUM_FRACTIONAL_VALUE = 255;

export interface SegmentationOptions {
  /**
   * BINARY (the default): one frame of one bit per voxel for each segment on a slice. Every archive and
   * viewer that supports SEG supports it. LABELMAP: one frame of segment numbers per slice; newer (2024),
   * smaller, and only for segments that do not overlap. AUTOMATIC: BINARY, but where OHIF 3.13 would
   * misread it or fail to open it, LABELMAP, or FRACTIONAL of 0 and 255 if segments overlap.
   */
  segmentationType?: 'AUTOMATIC' | 'BINARY' | 'LABELMAP';
  /** Whether to write empty frames for slices without the segment. */
  keepEmptyFrames?: boolean;
  seriesDescription?: string;
  seriesNumber?: number;
  instanceNumber?: number;
  /** Person who made it, as a DICOM person name: `Family^Given`. */
  contentCreatorName?: string;
  predecessor?: Predecessor;
  /** Moment of creation. */
  now?: Date;
  /** UIDs of the new series and its instance; by default random ones. */
  uids?: { series: string; instance: string };
}

/**
 * Creates a DICOM SEG (Segmentation Storage or Label Map Segmentation Storage; PS3.3, A.51) from segments
 * drawn on the images of one series, on the grid of the source, without resampling.
 *
 * @param instances naturalized metadata of the source images, one per slice, in ascending order along the
 *   slice normal; or one enhanced multi-frame image, whose frames are the slices
 * @param segments numbered from 1 in their order; each must have at least one voxel, unless empty frames
 *   are kept
 * @returns a naturalized dcmjs data set, with `_vrMap`; see `encodePart10`
 * @throws FewshotError `bad-input` when there is no voxel, a mask is not on the source's grid, or
 *   segments of a label map overlap; `bad-geometry` when the source lacks geometry or identifiers, or mixes
 *   sizes or orientations
 */
export function createSegmentation(
  instances: NaturalizedDataset[],
  segments: Segment[],
  options: SegmentationOptions = {},
): NaturalizedDataset {
  const { sources, geometry } = checkSources(instances);
  const given = segmentMasks(segments, geometry, options.keepEmptyFrames ?? false);
  const type = typeFor(given, geometry, options.segmentationType ?? 'BINARY');
  const isLabelMap = type === 'LABELMAP';
  const masks = withEvenLength(given, geometry, type);
  const content = {
    BINARY: () => binaryContent(masks, geometry),
    FRACTIONAL: () => fractionalContent(masks),
    LABELMAP: () => labelMapContent(masks, segments),
  }[type]();
  const { frames } = content;
  const sliceIndices = [...new Set(frames.map(frame => frame.sliceIndex))].sort((a, b) => a - b);
  const { date, time } = dateAndTime(options.now ?? new Date());
  const dimensionOrganizationUID = newUid();
  return {
    ...sourceModules(sources[0]),

    SpecificCharacterSet: 'ISO_IR 192',
    SOPClassUID: isLabelMap ? LABEL_MAP_SEGMENTATION_STORAGE : SEGMENTATION_STORAGE,
    SOPInstanceUID: options.uids?.instance ?? newUid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,

    Modality: 'SEG',
    SeriesInstanceUID: options.uids?.series ?? newUid(),
    SeriesNumber: String(options.seriesNumber ?? 1),
    SeriesDescription: longString(options.seriesDescription ?? 'Segmentation'),
    SeriesDate: date,
    SeriesTime: time,

    Manufacturer: ALGORITHM.name,
    ManufacturerModelName: PRODUCT,
    // Software in a browser has no serial number, but the attribute must not be empty (PS3.3, C.7.5.2).
    DeviceSerialNumber: '0',
    SoftwareVersions: ALGORITHM.version,

    InstanceNumber: String(options.instanceNumber ?? 1),
    ContentDate: date,
    ContentTime: time,
    ContentLabel: 'SEGMENTATION',
    ContentDescription: longString(options.seriesDescription ?? 'Segmentation'),
    ContentCreatorName: options.contentCreatorName ?? '',

    ImageType: ['DERIVED', 'PRIMARY'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 0,
    Rows: geometry.rows,
    Columns: geometry.columns,
    NumberOfFrames: String(frames.length),
    ...lossyCompression(sources),
    SegmentSequence: segmentSequence(segments),

    DimensionOrganizationSequence: [{ DimensionOrganizationUID: dimensionOrganizationUID }],
    DimensionIndexSequence: dimensionIndices(dimensionOrganizationUID, !isLabelMap),
    SharedFunctionalGroupsSequence: [sharedFunctionalGroups(geometry)],
    PerFrameFunctionalGroupsSequence: frames.map(frame =>
      perFrameFunctionalGroups(frame, sources[frame.sliceIndex], geometry, sliceIndices),
    ),
    ...references(
      sliceIndices.map(index => sources[index]),
      options.predecessor,
    ),
    ...content.attributes,
  };
}

/**
 * Checks whether a SEG can refer to the images of a series. Call it before a long computation.
 *
 * @returns one source per slice, and their geometry
 * @throws FewshotError `bad-geometry` when they lack geometry or identifiers, or mix sizes or
 *   orientations
 */
export function checkSources(instances: NaturalizedDataset[]): {
  sources: NaturalizedDataset[];
  geometry: SourceGeometry;
} {
  const sources = expandFrames(instances);
  const geometry = sourceGeometry(sources);
  requireIdentifiers(sources);
  return { sources, geometry };
}

interface Content {
  frames: Frame[];
  /** Pixel Data and the attributes that describe it. */
  attributes: NaturalizedDataset;
}

function binaryContent(masks: SegmentMask[], { rows, columns }: SourceGeometry): Content {
  const pixels = packFrames(
    masks.map(({ mask }) => mask),
    rows * columns,
  );
  return {
    frames: masks,
    attributes: {
      _vrMap: { PixelData: 'OB' },
      BitsAllocated: 1,
      BitsStored: 1,
      HighBit: 0,
      SegmentationType: 'BINARY',
      SegmentsOverlap: findOverlap(masks) ? 'YES' : 'NO',
      PixelData: pixels.buffer,
    },
  };
}

/** Returns the type to write; resolves AUTOMATIC. */
function typeFor(
  masks: SegmentMask[],
  geometry: SourceGeometry,
  wanted: 'AUTOMATIC' | 'BINARY' | 'LABELMAP',
): 'BINARY' | 'FRACTIONAL' | 'LABELMAP' {
  if (wanted !== 'AUTOMATIC') return wanted;
  const pixels = geometry.rows * geometry.columns;
  const { length } = withEvenLength(masks, geometry, 'BINARY');
  if (hasWholeByteFrames(length, pixels) && !needsPadByte(length, pixels, 1)) return 'BINARY';
  return findOverlap(masks) ? 'FRACTIONAL' : 'LABELMAP';
}

/** Writes the masks as probabilities of 0 and 1, in bytes. */
function fractionalContent(masks: SegmentMask[]): Content {
  const size = masks[0].mask.length;
  const count = masks.length * size;
  const pixels = new Uint8Array(count + (count % 2));
  masks.forEach(({ mask }, frame) => {
    mask.forEach((inside, pixel) => {
      if (inside) pixels[frame * size + pixel] = MAXIMUM_FRACTIONAL_VALUE;
    });
  });
  return {
    frames: masks,
    attributes: {
      _vrMap: { PixelData: 'OB' },
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      SegmentationType: 'FRACTIONAL',
      SegmentationFractionalType: 'PROBABILITY',
      MaximumFractionalValue: MAXIMUM_FRACTIONAL_VALUE,
      SegmentsOverlap: findOverlap(masks) ? 'YES' : 'NO',
      PixelData: pixels.buffer,
    },
  };
}

function labelMapContent(masks: SegmentMask[], segments: Segment[]): Content {
  const overlap = findOverlap(masks);
  if (overlap) {
    const [first, second] = overlap.segmentNumbers.map(number => segments[number - 1].label);
    throw new FewshotError(
      'bad-input',
      `"${first}" and "${second}" overlap on slice ${overlap.sliceIndex + 1}; in a label map a voxel belongs to one segment.`,
      'Store the segmentation as BINARY.',
    );
  }
  const slices = bySlice(masks);
  const bits = segments.length > MAXIMUM_LABELS_OF_8_BIT ? 16 : 8;
  const size = masks[0].mask.length;
  const count = slices.length * size;
  const pixels = bits === 16 ? new Uint16Array(count) : new Uint8Array(count + (count % 2));
  slices.forEach(([, onSlice], i) => {
    for (const { mask, segmentNumber } of onSlice) {
      mask.forEach((inside, pixel) => {
        if (inside) pixels[i * size + pixel] = segmentNumber;
      });
    }
  });
  return {
    frames: slices.map(([sliceIndex]) => ({ sliceIndex })),
    attributes: {
      _vrMap: { PixelData: bits === 16 ? 'OW' : 'OB', PixelPaddingValue: 'US' },
      BitsAllocated: bits,
      BitsStored: bits,
      HighBit: bits - 1,
      PixelPaddingValue: BACKGROUND,
      SegmentationType: 'LABELMAP',
      SegmentsOverlap: 'NO',
      PixelData: pixels.buffer,
    },
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
        'Ask the administrator of the archive to repair the series.',
      );
    }
  });
}
