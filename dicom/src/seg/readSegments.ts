import { FewshotError } from 'fewshot-sam';
import { readCode, type Code } from '../data/code';
import { dcmjsData } from '../data/dcmjsData';
import { itemsOf, numbersOf, textOf, type NaturalizedDataset } from '../data/naturalized';
import type { Algorithm, Tracking } from './segmentSequence';

/** Description of a segment in a SEG; empty or absent where the SEG has no value. */
export interface ReadSegmentDescription {
  /** Segment Number. */
  number: number;
  label: string;
  description: string;
  /** Red, green, blue, 0..255; null where none is recommended. */
  color: [number, number, number] | null;
  /** AUTOMATIC, SEMIAUTOMATIC or MANUAL. */
  algorithmType: string;
  algorithm?: Algorithm;
  category?: Code;
  type?: Code;
  typeModifier?: Code;
  anatomicRegion?: Code;
  anatomicRegionModifier?: Code;
  tracking?: Tracking;
}

/**
 * Reads the items of Segment Sequence (PS3.3, C.8.20.4), in their order.
 *
 * @throws FewshotError `bad-input` when there is none, or two have the same number
 */
export function describeSegments(dataset: NaturalizedDataset): ReadSegmentDescription[] {
  const segments = itemsOf(dataset, 'SegmentSequence').map(describe);
  const seen = new Set<number>();
  const invalid = segments
    .map(({ number }) => number)
    .find(number => {
      const isWrong = !(number >= 0) || seen.has(number);
      seen.add(number);
      return isWrong;
    });
  if (segments.length > 0 && invalid === undefined) return segments;
  throw new FewshotError(
    'bad-input',
    segments.length === 0
      ? 'The segmentation describes no segment.'
      : `The segmentation has a duplicate or invalid segment number (${invalid}).`,
    'Export it again, or give another one.',
  );
}

function describe(item: NaturalizedDataset): ReadSegmentDescription {
  const tracking = { id: textOf(item, 'TrackingID'), uid: textOf(item, 'TrackingUID') };
  return {
    number: numbersOf(item, 'SegmentNumber', 1)?.[0] ?? NaN,
    label: textOf(item, 'SegmentLabel'),
    description: textOf(item, 'SegmentDescription'),
    color: cieLabColor(item),
    algorithmType: textOf(item, 'SegmentAlgorithmType'),
    ...defined({
      algorithm: algorithmOf(item),
      ...structureCodes(item, 'SegmentedPropertyTypeCodeSequence'),
      tracking: tracking.uid ? tracking : undefined,
    }),
  };
}

/**
 * Reads what codes say that a structure is, which a SEG and an RTSTRUCT hold alike but for the name of one
 * sequence (PS3.3, C.8.20.4 and C.8.8.8).
 *
 * @param type keyword of the sequence with the code of the structure
 */
export function structureCodes(
  item: NaturalizedDataset,
  type: 'SegmentedPropertyTypeCodeSequence' | 'RTROIIdentificationCodeSequence',
) {
  const [typeItem = {}] = itemsOf(item, type);
  const [region = {}] = itemsOf(item, 'AnatomicRegionSequence');
  return {
    category: readCode(item, 'SegmentedPropertyCategoryCodeSequence'),
    type: readCode(item, type),
    typeModifier: readCode(typeItem, 'SegmentedPropertyTypeModifierCodeSequence'),
    anatomicRegion: readCode(item, 'AnatomicRegionSequence'),
    anatomicRegionModifier: readCode(region, 'AnatomicRegionModifierSequence'),
  };
}

/** Returns the algorithm of a segment; the first identified one of several. */
function algorithmOf(item: NaturalizedDataset): Algorithm | undefined {
  const [identified = {}] = itemsOf(item, 'SegmentationAlgorithmIdentificationSequence');
  const name = textOf(identified, 'AlgorithmName') || textOf(item, 'SegmentAlgorithmName');
  if (!name) return undefined;
  const version = textOf(identified, 'AlgorithmVersion');
  const parameters = textOf(identified, 'AlgorithmParameters');
  return {
    name,
    ...defined({
      version: version || undefined,
      family: readCode(identified, 'AlgorithmFamilyCodeSequence'),
      parameters: parameters || undefined,
    }),
  };
}

export function defined<T extends object>(values: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

/** Returns Recommended Display CIELab Value as a color of 0..255. */
export function cieLabColor(item: NaturalizedDataset): [number, number, number] | null {
  const lab = numbersOf(item, 'RecommendedDisplayCIELabValue', 3);
  if (!lab) return null;
  const rgb = dcmjsData.Colors.dicomlab2RGB(lab);
  return rgb.map(component => Math.min(255, Math.max(0, Math.round(component * 255)))) as [
    number,
    number,
    number,
  ];
}
