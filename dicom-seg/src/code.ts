/** A coded term (PS3.3, 8.8). */
export interface Code {
  value: string;
  scheme: string;
  meaning: string;
}

export const CODES = {
  anatomicalStructure: { value: '91723000', scheme: 'SCT', meaning: 'Anatomical Structure' },
  artificialIntelligence: { value: '123110', scheme: 'DCM', meaning: 'Artificial Intelligence' },
  segmentation: { value: '113076', scheme: 'DCM', meaning: 'Segmentation' },
  sourceImage: {
    value: '121322',
    scheme: 'DCM',
    meaning: 'Source image for image processing operation',
  },
} satisfies Record<string, Code>;

/** A code sequence of one item. */
export function codeSequence({ value, scheme, meaning }: Code) {
  return [{ CodeValue: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning }];
}
