/** Encodings of `--out FILE.dcm`; see `createSegmentation` of fewshot-sam-dicom. */
export const SEG_ENCODINGS = ['auto', 'binary', 'labelmap', 'labelmap-rle'] as const;

export type SegEncoding = (typeof SEG_ENCODINGS)[number];

/** Slices with a frame of a segment: those that show it, or all. */
export const SEG_FRAMES = ['used', 'all'] as const;

export type SegFrames = (typeof SEG_FRAMES)[number];
