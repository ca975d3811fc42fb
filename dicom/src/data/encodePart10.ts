import { FewshotError } from 'fewshot-sam';
import { ALGORITHM } from './algorithm';
import { dcmjsData } from './dcmjsData';
import type { NaturalizedDataset } from './naturalized';
import { encodeRunLength } from './runLength';

export const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
export const IMPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2';
export const RLE_LOSSLESS = '1.2.840.10008.1.2.5';
/** Our permanent UID: a UUID under 2.25. */
const IMPLEMENTATION_CLASS_UID = '2.25.221411587520080234881677532359144502451';

export interface Part10Options {
  /** Explicit VR Little Endian by default, which every archive accepts. */
  transferSyntaxUid?:
    typeof EXPLICIT_VR_LITTLE_ENDIAN | typeof IMPLICIT_VR_LITTLE_ENDIAN | typeof RLE_LOSSLESS;
}

/**
 * Encodes a data set as a DICOM file (PS3.10): preamble, file meta information, data set.
 *
 * @param dataset naturalized; `_vrMap` names the VR of attributes that have several, such as PixelData
 * @throws FewshotError `bad-input` when RLE Lossless is requested for voxels of less than a byte
 */
export function encodePart10(
  dataset: NaturalizedDataset,
  { transferSyntaxUid = EXPLICIT_VR_LITTLE_ENDIAN }: Part10Options = {},
): ArrayBuffer {
  const { denaturalizeDataset } = dcmjsData.DicomMetaDictionary;
  const file = new dcmjsData.DicomDict(
    denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: dataset.SOPClassUID,
      MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
      TransferSyntaxUID: transferSyntaxUid,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: `FEWSHOT_${ALGORITHM.version}`.toUpperCase().slice(0, 16),
    }),
  );
  file.dict = denaturalizeDataset(
    transferSyntaxUid === RLE_LOSSLESS ? runLengthEncoded(dataset) : dataset,
  );
  // A frame of RLE Lossless is one fragment (PS3.5, A.4.2).
  return file.write({ allowInvalidVRLength: false, fragmentMultiframe: false });
}

function runLengthEncoded(dataset: NaturalizedDataset): NaturalizedDataset {
  const bits = Number(dataset.BitsAllocated);
  if (bits < 8) {
    throw new FewshotError(
      'bad-input',
      `RLE Lossless is not defined for ${bits} bit per voxel (${String(dataset.SegmentationType)}).`,
      'Store it uncompressed, or as LABELMAP.',
    );
  }
  const columns = Number(dataset.Columns);
  const size = (Number(dataset.Rows) * columns * bits) / 8;
  const pixels = new Uint8Array(dataset.PixelData as ArrayBuffer);
  const frames = Array.from({ length: Number(dataset.NumberOfFrames) }, (_, i) =>
    encodeRunLength(pixels.subarray(i * size, (i + 1) * size), columns, bits / 8),
  );
  return {
    ...dataset,
    // Encapsulated Pixel Data are bytes, whatever the voxels are (PS3.5, A.4).
    _vrMap: { ...(dataset._vrMap as object), PixelData: 'OB' },
    PixelData: frames.map(({ buffer }) => buffer),
  };
}
