/** Reads DICOM series from folders, in Node. */
export { readDicomSeries, seriesImages } from './series/readDicomSeriesNode';
