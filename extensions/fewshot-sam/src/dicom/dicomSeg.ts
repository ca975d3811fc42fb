/**
 * Everything that writes and reads DICOM SEG, and dcmjs with it: larger than the rest of the plug-in, so
 * it is a bundle of its own, `dicom-seg.js`. Import it through `dicomSegLoader` only.
 */
export { FewshotError } from 'fewshot-sam';
export {
  createSegmentation,
  describeSegments,
  encodePart10,
  longString,
  readSegmentation,
} from 'fewshot-sam-dicom/seg';
