/** How `--out FILE.dcm` encodes the segmentation; see `createSegmentation` of fewshot-sam-dicom. */
export const SEG_ENCODINGS = ['binary', 'labelmap', 'labelmap-rle'] as const;

export type SegEncoding = (typeof SEG_ENCODINGS)[number];
