import { FewshotError } from 'fewshot-sam';
import { LABEL_MAP_SEGMENTATION_STORAGE, SEGMENTATION_STORAGE } from './createSegmentation';
import { expandFrames } from '../series/expandFrames';
import type { FrameMapping } from './frameMapping';
import { frameMatcher, listedImages } from './matchFrames';
import { itemsOf, numbersOf, textOf, type NaturalizedDataset } from '../data/naturalized';
import { parseDicomFile } from '../data/parseDicomFile';
import { frameReader, type FrameValues } from './readFrames';
import { describeSegments, type ReadSegmentDescription } from './readSegments';
import { predecessorOf, type Predecessor } from '../series/references';
import { sourceGeometry } from '../series/sourceGeometry';

export interface ReadSegment extends ReadSegmentDescription {
  /**
   * Slice index of the source series -> mask on its grid: row-major, 1 inside, 0 outside. Only slices with
   * the segment.
   */
  masks: Map<number, Uint8Array>;
}

export interface ReadSegmentation {
  segmentationType: SegmentationType;
  seriesDescription: string;
  /** Identifies this SEG; pass it as `predecessor` when storing again. */
  reference: Predecessor;
  /** Without the background that a label map may list. Includes segments without a voxel. */
  segments: ReadSegment[];
  /** Sentences for the user about what was excluded, or read differently from what DICOM defines. */
  remarks: string[];
}

export interface ReadOptions {
  /** For a FRACTIONAL segmentation: fraction of the maximum from which a voxel is inside. Default: 0.5. */
  threshold?: number;
  /** Most voxels of all masks together; larger segmentations are refused. */
  maximumVoxels?: number;
}

type SegmentationType = 'BINARY' | 'FRACTIONAL' | 'LABELMAP';

const BITS: Record<SegmentationType, number[]> = {
  BINARY: [1],
  FRACTIONAL: [8],
  LABELMAP: [8, 16],
};
const DEFAULT_THRESHOLD = 0.5;
const DEFAULT_MAXIMUM_VOXELS = 2 ** 31;

/**
 * Reads a DICOM SEG of any origin onto the slices of its source series. Supports BINARY, FRACTIONAL and
 * LABELMAP, overlapping segments and missing slices; uncompressed, RLE Lossless and deflated. Assigns each
 * frame to the image that it refers to, or else to the one at its position. Excludes frames on images that
 * are missing from the series, with a remark.
 *
 * @param bytes a DICOM file
 * @param instances naturalized metadata of the series, in the order of its slices
 * @throws FewshotError `bad-input` when it is not a SEG, damaged, or too large; `bad-geometry` when a
 *   frame lies on no image of the series, or all of its images are missing
 */
export async function readSegmentation(
  bytes: Uint8Array,
  instances: NaturalizedDataset[],
  options: ReadOptions = {},
): Promise<ReadSegmentation> {
  const { dataset, transferSyntaxUid, implementation, pixelData } = await parseDicomFile(
    bytes,
    'The segmentation',
  );
  const segmentationType = typeOf(dataset);
  const sources = expandFrames(instances);
  const grid = gridOf(dataset);
  const bitsAllocated = bitsOf(dataset, segmentationType);
  const frameGroups = itemsOf(dataset, 'PerFrameFunctionalGroupsSequence');
  const frames = numbersOf(dataset, 'NumberOfFrames', 1)?.[0] ?? 1;
  if (frames !== frameGroups.length || frames < 1) {
    throw damaged(`it has ${frames} frames and describes ${frameGroups.length}`);
  }
  if (!pixelData) throw damaged('it has no pixel data');
  const matchFrame = frameMatcher(dataset, grid, sources, sourceGeometry(sources));
  const { read, deviation, isAmbiguous } = damagedOnError(() =>
    frameReader(pixelData, transferSyntaxUid, {
      frames,
      pixelsPerFrame: grid.rows * grid.columns,
      bitsAllocated,
    }),
  );
  const background = backgroundOf(dataset, segmentationType);
  const segments = describeSegments(dataset)
    .filter(({ number }) => number !== background)
    .map((segment): ReadSegment => ({ ...segment, masks: new Map() }));
  const collect = maskCollector(segments, options.maximumVoxels ?? DEFAULT_MAXIMUM_VOXELS);
  const inside = insideTest(dataset, segmentationType, options.threshold ?? DEFAULT_THRESHOLD);
  const [shared = {}] = itemsOf(dataset, 'SharedFunctionalGroupsSequence');
  let leftOut = 0;
  for (const [index, groups] of frameGroups.entries()) {
    const place = matchFrame(groups, index);
    if (!place) {
      leftOut++;
      continue;
    }
    const values = await read(index).catch((error: Error) => {
      throw damaged(error.message, error);
    });
    if (segmentationType === 'LABELMAP') {
      collect.labels(values, grid, place, background, index);
    } else {
      collect.mask(segmentNumberOf(groups, shared, index), values, grid, place, inside, index);
    }
  }
  const remarks = [
    ...(leftOut ? [leftOutRemark(dataset, sources, leftOut, frames)] : []),
    ...(deviation ? [`The segmentation was read although ${deviation}.`] : []),
    // Only files of cornerstone's adapters, which use dcmjs, may be padded.
    ...(isAmbiguous && implementation.startsWith('dcmjs')
      ? [
          'The length of its pixel data does not show whether frames are padded to whole bytes; they are read as DICOM defines. Check that the segments are not shifted.',
        ]
      : []),
  ];
  return {
    segmentationType,
    seriesDescription: textOf(dataset, 'SeriesDescription'),
    reference: predecessorOf(dataset),
    segments,
    remarks,
  };
}

/** @throws FewshotError `bad-geometry` when nothing is left */
function leftOutRemark(
  dataset: NaturalizedDataset,
  sources: NaturalizedDataset[],
  leftOut: number,
  frames: number,
): string {
  const listed = listedImages(dataset, textOf(sources[0], 'SeriesInstanceUID'));
  const present = new Set(sources.map(source => textOf(source, 'SOPInstanceUID')));
  const missing = [...listed].filter(uid => !present.has(uid)).length;
  const what = `${missing} of ${listed.size} images that the segmentation lies on are missing from the series`;
  if (leftOut < frames) return `${what}; ${leftOut} of its ${frames} frames were excluded.`;
  throw new FewshotError(
    'bad-geometry',
    `${what}, and no frame lies on a present image.`,
    'Retrieve the series again, with all of its images.',
  );
}

function typeOf(dataset: NaturalizedDataset): SegmentationType {
  const sopClass = textOf(dataset, 'SOPClassUID');
  const type = textOf(dataset, 'SegmentationType');
  const isSegmentation =
    sopClass === SEGMENTATION_STORAGE || sopClass === LABEL_MAP_SEGMENTATION_STORAGE;
  if (isSegmentation && Object.hasOwn(BITS, type)) return type as SegmentationType;
  throw new FewshotError(
    'bad-input',
    isSegmentation
      ? `The segmentation is of the unknown type "${type}".`
      : `The file is not a DICOM segmentation but ${textOf(dataset, 'Modality') || 'an object'} of the class ${sopClass || 'that it does not name'}.`,
    'Give a DICOM SEG of the series.',
  );
}

function gridOf(dataset: NaturalizedDataset): { rows: number; columns: number } {
  const [rows, columns] = ['Rows', 'Columns'].map(keyword => numbersOf(dataset, keyword, 1)?.[0]);
  if (!rows || !columns) throw damaged('it has no Rows or Columns');
  return { rows, columns };
}

function bitsOf(dataset: NaturalizedDataset, type: SegmentationType): 1 | 8 | 16 {
  const bits = numbersOf(dataset, 'BitsAllocated', 1)?.[0] ?? 0;
  if (BITS[type].includes(bits)) return bits as 1 | 8 | 16;
  throw damaged(`it is ${type} with ${bits} bits per voxel`);
}

/** Returns the value of voxels that belong to no segment; only a label map has one. */
function backgroundOf(dataset: NaturalizedDataset, type: SegmentationType): number {
  if (type !== 'LABELMAP') return -1;
  return numbersOf(dataset, 'PixelPaddingValue', 1)?.[0] ?? 0;
}

/** Returns the frame's own segment, or the one that all frames share (PS3.3, C.7.6.16.1.1). */
function segmentNumberOf(
  groups: NaturalizedDataset,
  shared: NaturalizedDataset,
  index: number,
): number {
  const [item = {}] = [groups, shared].flatMap(each =>
    itemsOf(each, 'SegmentIdentificationSequence'),
  );
  const number = numbersOf(item, 'ReferencedSegmentNumber', 1)?.[0];
  if (number === undefined) throw damaged(`frame ${index + 1} does not name its segment`);
  return number;
}

/** Returns a test whether a frame's value is inside: nonzero, and at least the threshold if FRACTIONAL. */
function insideTest(
  dataset: NaturalizedDataset,
  type: SegmentationType,
  threshold: number,
): (value: number) => boolean {
  if (type !== 'FRACTIONAL') return value => value !== 0;
  const maximum = numbersOf(dataset, 'MaximumFractionalValue', 1)?.[0] ?? 255;
  return value => value > 0 && value >= threshold * maximum;
}

/** Collects frames into the segments' masks, and refuses contradictory or too many frames. */
function maskCollector(segments: ReadSegment[], maximumVoxels: number) {
  const byNumber = new Map(segments.map(segment => [segment.number, segment]));
  let voxels = 0;
  const newMask = (pixels: number): Uint8Array => {
    voxels += pixels;
    if (voxels > maximumVoxels) {
      throw new FewshotError(
        'bad-input',
        `The segmentation has masks of more than ${maximumVoxels} voxels together.`,
        'Give one with fewer segments or slices.',
      );
    }
    return new Uint8Array(pixels);
  };
  return {
    mask(
      number: number,
      values: FrameValues,
      grid: { rows: number; columns: number },
      place: FrameMapping,
      inside: (value: number) => boolean,
      index: number,
    ): void {
      const segment = byNumber.get(number);
      if (!segment) {
        throw damaged(
          `frame ${index + 1} belongs to segment ${number}, which it does not describe`,
        );
      }
      const { sliceIndex } = place;
      if (segment.masks.has(sliceIndex)) {
        throw damaged(`segment ${number} has two frames on slice ${sliceIndex + 1}`);
      }
      if (!values.some(inside)) return;
      const mask = newMask(values.length);
      forEachPixel(grid, place, (pixel, at) => {
        if (inside(values[pixel])) mask[at] = 1;
      });
      segment.masks.set(sliceIndex, mask);
    },
    labels(
      values: FrameValues,
      grid: { rows: number; columns: number },
      place: FrameMapping,
      background: number,
      index: number,
    ): void {
      const { sliceIndex } = place;
      if (segments.some(({ masks }) => masks.has(sliceIndex))) {
        throw damaged(`slice ${sliceIndex + 1} has two frames`);
      }
      forEachPixel(grid, place, (pixel, at) => {
        const number = values[pixel];
        if (number === background) return;
        const segment = byNumber.get(number);
        if (!segment) {
          throw damaged(
            `frame ${index + 1} has the value ${number}, which is not one of its segments`,
          );
        }
        let mask = segment.masks.get(sliceIndex);
        if (!mask) {
          mask = newMask(values.length);
          segment.masks.set(sliceIndex, mask);
        }
        mask[at] = 1;
      });
    },
  };
}

/** Calls `visit` for each pixel of a frame, with its index in the frame and on the slice. */
function forEachPixel(
  { rows, columns }: { rows: number; columns: number },
  { start, columnStep, rowStep }: FrameMapping,
  visit: (pixel: number, at: number) => void,
): void {
  let pixel = 0;
  for (let row = 0; row < rows; row++) {
    let at = start + row * rowStep;
    for (let column = 0; column < columns; column++, pixel++, at += columnStep) visit(pixel, at);
  }
}

function damagedOnError<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged((error as Error).message, error);
  }
}

function damaged(detail: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'bad-input',
    `The segmentation cannot be read: ${detail}.`,
    'Export it again, uncompressed if there is a choice, or give another one.',
    { cause },
  );
}
