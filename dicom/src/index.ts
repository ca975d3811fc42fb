/**
 * The parts that do not load dcmjs: attributes, frame positions and names of DICOM data sets; types of a
 * SEG.
 */
export { ALGORITHM } from './data/algorithm';
export type { Code } from './data/code';
export { itemsOf, type NaturalizedDataset, numbersOf, textOf, valuesOf } from './data/naturalized';
export { newUid } from './data/newUid';
export type { Segment, SegmentationOptions } from './seg/createSegmentation';
export type { ReadSegment } from './seg/readSegmentation';
export type { ReadSegmentDescription } from './seg/readSegments';
export type {
  Algorithm,
  SegmentAlgorithmType,
  SegmentDescription,
  Tracking,
} from './seg/segmentSequence';
export { nextSeriesNumber, seriesDescription } from './seg/seriesNaming';
export { expandFrames, placeOf } from './series/expandFrames';
export { type Predecessor, predecessorOf } from './series/references';
