import dcmjs from 'dcmjs';
import type { NaturalizedDataset } from './naturalized';

/** An element by tag, as dcmjs writes it. */
export interface DcmjsElement {
  vr: string;
  Value?: unknown;
}

interface DcmjsDict {
  meta: Record<string, DcmjsElement>;
  dict: Record<string, DcmjsElement>;
  write(options?: { allowInvalidVRLength: boolean; fragmentMultiframe: boolean }): ArrayBuffer;
}

/** The part of dcmjs that the SEG needs; dcmjs ships no types. */
export const dcmjsData = dcmjs.data as unknown as {
  DicomDict: new (meta: Record<string, DcmjsElement>) => DcmjsDict;
  DicomMessage: { readFile(buffer: ArrayBuffer): DcmjsDict };
  DicomMetaDictionary: {
    /** The data dictionary by keyword; tags as `(0008,0060)`. */
    nameMap: Record<string, { tag: string; vr: string; name: string }>;
    denaturalizeDataset(dataset: NaturalizedDataset): Record<string, DcmjsElement>;
    naturalizeDataset(dataset: Record<string, DcmjsElement>): NaturalizedDataset;
  };
  Colors: {
    /** Components 0..1 to the 16-bit encoding of Recommended Display CIELab Value. */
    rgb2DICOMLAB(rgb: number[]): number[];
    dicomlab2RGB(lab: number[]): number[];
  };
};
