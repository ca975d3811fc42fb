import { ALGORITHM } from './algorithm';
import { dcmjsData } from './dcmjsData';
import type { NaturalizedDataset } from './naturalized';

const EXPLICIT_VR_LITTLE_ENDIAN = '1.2.840.10008.1.2.1';
/** Ours, once and for all: a UUID under 2.25. */
const IMPLEMENTATION_CLASS_UID = '2.25.221411587520080234881677532359144502451';

/**
 * A data set as a DICOM file (PS3.10): preamble, file meta information, Explicit VR Little Endian.
 *
 * @param dataset naturalized; `_vrMap` names the VR of attributes that have several, such as PixelData
 */
export function encodePart10(dataset: NaturalizedDataset): ArrayBuffer {
  const { denaturalizeDataset } = dcmjsData.DicomMetaDictionary;
  const file = new dcmjsData.DicomDict(
    denaturalizeDataset({
      FileMetaInformationVersion: new Uint8Array([0, 1]).buffer,
      MediaStorageSOPClassUID: dataset.SOPClassUID,
      MediaStorageSOPInstanceUID: dataset.SOPInstanceUID,
      TransferSyntaxUID: EXPLICIT_VR_LITTLE_ENDIAN,
      ImplementationClassUID: IMPLEMENTATION_CLASS_UID,
      ImplementationVersionName: `FEWSHOT_${ALGORITHM.version}`.toUpperCase().slice(0, 16),
    }),
  );
  file.dict = denaturalizeDataset(dataset);
  return file.write();
}
