/** The encodings of a SEG and the segments that every reader is tried on. */
import type { Segment, SegmentationOptions } from '../../dicom/src/seg/createSegmentation';
import { createSegmentation } from '../../dicom/src/seg/createSegmentation';
import { encodePart10, RLE_LOSSLESS } from '../../dicom/src/data/encodePart10';
import type { NaturalizedDataset } from '../../dicom/src/data/naturalized';
import { COLUMNS, ROWS } from './geometries';

export interface Encoding {
  name: string;
  options: SegmentationOptions;
  rle?: boolean;
  /** Why the dcmqi that ITK-Wasm packs does not read it. */
  notForDcmqi?: string;
}

const OLDER = 'it is older than label maps';

export const ENCODINGS: Encoding[] = [
  { name: 'BINARY', options: {} },
  { name: 'BINARY with empty frames', options: { keepEmptyFrames: true } },
  { name: 'LABELMAP', options: { segmentationType: 'LABELMAP' }, notForDcmqi: OLDER },
  {
    name: 'LABELMAP, RLE',
    options: { segmentationType: 'LABELMAP' },
    rle: true,
    notForDcmqi: OLDER,
  },
];

/** One mask on several slices. */
export function masksOn(
  inside: (row: number, column: number) => boolean,
  slices: readonly number[],
  rows = ROWS,
  columns = COLUMNS,
): Map<number, Uint8Array> {
  const mask = Uint8Array.from({ length: rows * columns }, (_, i) =>
    Number(inside(Math.floor(i / columns), i % columns)),
  );
  return new Map(slices.map(slice => [slice, mask]));
}

/** Two segments that look like no mirror image or rotation of themselves, and leave slices out. */
export const SEGMENTS: Segment[] = [
  {
    label: 'L',
    color: [221, 84, 84],
    algorithmType: 'SEMIAUTOMATIC',
    masks: masksOn(
      (row, column) => (column === 2 && row < 7) || (row === 6 && column < 6),
      [1, 2, 4],
    ),
  },
  {
    label: 'Corner',
    color: [0, 128, 255],
    algorithmType: 'MANUAL',
    masks: masksOn((row, column) => row + column < 2, [0, 4, 5]),
  },
];

/** @returns the Part 10 file */
export function encodeSeg(
  instances: NaturalizedDataset[],
  segments: Segment[],
  { options, rle }: Encoding,
): Uint8Array {
  const dataset = createSegmentation(instances, segments, options);
  return new Uint8Array(encodePart10(dataset, rle ? { transferSyntaxUid: RLE_LOSSLESS } : {}));
}
