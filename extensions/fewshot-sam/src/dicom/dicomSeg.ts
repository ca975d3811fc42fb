/**
 * Everything that writes and reads DICOM SEG, and dcmjs with it: larger than the rest of the plug-in, so
 * it is a bundle of its own, `dicom-seg.js`. Import it through `dicomSegLoader` only.
 */
export { FewshotError } from 'fewshot-sam/platform/errors';
export { createSegmentation } from 'fewshot-sam-dicom/seg/createSegmentation';
export { encodePart10 } from 'fewshot-sam-dicom/data/encodePart10';
export { readSegmentation } from 'fewshot-sam-dicom/seg/readSegmentation';
export { describeSegments } from 'fewshot-sam-dicom/seg/readSegments';
export { longString } from 'fewshot-sam-dicom/seg/segmentSequence';
