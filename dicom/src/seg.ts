/** Writes and reads DICOM SEG and Part 10 files. Loads dcmjs, which is large. */
export { encodePart10, EXPLICIT_VR_LITTLE_ENDIAN, RLE_LOSSLESS } from './data/encodePart10';
export { parseDicomFile } from './data/parseDicomFile';
export { checkSources, createSegmentation } from './seg/createSegmentation';
export { readSegmentation } from './seg/readSegmentation';
export { describeSegments } from './seg/readSegments';
export { longString } from './seg/segmentSequence';
