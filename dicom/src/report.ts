/** Writes measurement reports (DICOM SR). Loads dcmjs, which is large. */
export { createReport, type MeasuredSegment, type ReportOptions } from './report/createReport';
