/**
 * Reading and writing of DICOM SEG and RTSTRUCT, and writing of reports, including dcmjs. It is larger than
 * the rest of the plug-in and therefore a separate bundle, `dicom-seg.js`. Import it only through
 * `dicomSegLoader`.
 */
export { FewshotError } from 'fewshot-sam';
export { createReport } from 'fewshot-sam-dicom/report';
export {
  createSegmentation,
  describeSegments,
  encodePart10,
  longString,
  readSegmentation,
} from 'fewshot-sam-dicom/seg';
export { createStructureSet, describeRois, encodeStructureSet } from 'fewshot-sam-dicom/rtstruct';
