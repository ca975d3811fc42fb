/**
 * The parts that do not load dcmjs: attributes, frame positions and names of DICOM data sets; types of a
 * SEG.
 */
export {
  type DicomJson,
  datasetsOf,
  itemsOf as jsonItemsOf,
  textOf as jsonTextOf,
} from './archive/dicomJson';
export { findInstance, type Found, type InstanceIdentifiers } from './archive/findInstance';
export {
  type ArchiveConnection,
  type Attempt,
  storeSegmentation,
  type Stored,
  type StoreOptions,
  type StoreProgress,
} from './archive/storeSegmentation';
export type { StowAnswer } from './archive/stowFailure';
export { ALGORITHM } from './data/algorithm';
export type { Code } from './data/code';
export { itemsOf, type NaturalizedDataset, numbersOf, textOf, valuesOf } from './data/naturalized';
export { derivedUid, newUid } from './data/newUid';
export { valueUnit, type ValueUnit } from './data/valueUnit';
export type { MeasuredSegment } from './report/createReport';
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
