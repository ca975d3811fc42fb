/** Reads DICOM series from folders, and single images, in Node. */
export { readDicomSeries, seriesImages } from './series/readDicomSeriesNode';
export { looksLikeDicom } from './series/dicomFile';
export { readSingleFrame, type SingleFrame } from './series/singleFrame';
