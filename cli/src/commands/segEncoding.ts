/** How `--out FILE.dcm` encodes the segmentation; see `createSegmentation` of fewshot-sam-dicom. */
export const SEG_ENCODINGS = ['auto', 'binary', 'labelmap', 'labelmap-rle'] as const;

export type SegEncoding = (typeof SEG_ENCODINGS)[number];

/** Slices on which a segment has a frame: those that it is on, or all. */
export const SEG_FRAMES = ['used', 'all'] as const;

export type SegFrames = (typeof SEG_FRAMES)[number];
