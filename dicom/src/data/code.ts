import { itemsOf, textOf, type NaturalizedDataset } from './naturalized';

/** A coded term (PS3.3, 8.8). */
export interface Code {
  value: string;
  scheme: string;
  meaning: string;
}

export const CODES = {
  anatomicalStructure: { value: '91723000', scheme: 'SCT', meaning: 'Anatomical Structure' },
  artificialIntelligence: { value: '123110', scheme: 'DCM', meaning: 'Artificial Intelligence' },
  // There is no standard code for this. The name of a private scheme starts with 99 (PS3.3, 8.2).
  predecessor: { value: 'predecessor', scheme: '99FEWSHOT', meaning: 'Predecessor segmentation' },
  segmentation: { value: '113076', scheme: 'DCM', meaning: 'Segmentation' },
  sourceImage: {
    value: '121322',
    scheme: 'DCM',
    meaning: 'Source image for image processing operation',
  },
} satisfies Record<string, Code>;

/** Reads the first item of a code sequence; undefined when there is none, or it has no code. */
export function readCode(dataset: NaturalizedDataset, keyword: string): Code | undefined {
  const [item] = itemsOf(dataset, keyword);
  const value = item && (textOf(item, 'CodeValue') || textOf(item, 'LongCodeValue'));
  if (!value) return undefined;
  return {
    value,
    scheme: textOf(item, 'CodingSchemeDesignator'),
    meaning: textOf(item, 'CodeMeaning'),
  };
}

/** Most characters of a Code Value; longer ones are written as Long Code Value (PS3.3, 8.1). */
const SHORT_STRING = 16;

/** Returns a code sequence of one item. */
export function codeSequence({ value, scheme, meaning }: Code): NaturalizedDataset[] {
  const keyword = value.length > SHORT_STRING ? 'LongCodeValue' : 'CodeValue';
  return [{ [keyword]: value, CodingSchemeDesignator: scheme, CodeMeaning: meaning }];
}
