import { ALGORITHM } from './algorithm';
import { CODES, codeSequence, type Code } from './code';
import { dcmjsData } from './dcmjsData';
import type { NaturalizedDataset } from './naturalized';

/** PS3.3, C.8.20.4: Segment Algorithm Type. */
export type SegmentAlgorithmType = 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';

export interface SegmentDescription {
  label: string;
  description?: string;
  /** Red, green, blue, 0..255. */
  color: readonly [number, number, number];
  algorithmType: SegmentAlgorithmType;
  /** Segmented Property Category; Anatomical Structure unless told. */
  category?: Code;
  /** Segmented Property Type; the category's own term unless told. */
  type?: Code;
}

const LONG_STRING = 64;

/** Text as DICOM allows it in a Long String: no backslash, no control characters, 64 at most. */
export function longString(text: string): string {
  const allowed = text
    .replace(/\\/g, '/')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return Array.from(allowed).slice(0, LONG_STRING).join('').trim();
}

/** Items of Segment Sequence (PS3.3, C.8.20.4), numbered from 1. */
export function segmentSequence(segments: SegmentDescription[]): NaturalizedDataset[] {
  return segments.map((segment, index) => {
    const category = segment.category ?? CODES.anatomicalStructure;
    const label = longString(segment.label) || `Segment ${index + 1}`;
    const description = segment.description?.trim().slice(0, 1024) ?? '';
    return {
      ...(isAscii(label + description) ? {} : { SpecificCharacterSet: 'ISO_IR 192' }),
      SegmentedPropertyCategoryCodeSequence: codeSequence(category),
      SegmentNumber: index + 1,
      SegmentLabel: label,
      ...(description ? { SegmentDescription: description } : {}),
      SegmentAlgorithmType: segment.algorithmType,
      ...(segment.algorithmType === 'MANUAL' ? {} : algorithmIdentification()),
      RecommendedDisplayCIELabValue: cieLab(segment.color),
      SegmentedPropertyTypeCodeSequence: codeSequence(segment.type ?? category),
    };
  });
}

/**
 * An item may name its own character set (PS3.5, 7.5.3). dcmjs, and so OHIF, forgets that of the data
 * set inside sequences and would show another text.
 */
function isAscii(text: string): boolean {
  return Array.from(text).every(character => character <= '~');
}

function algorithmIdentification(): NaturalizedDataset {
  return {
    SegmentAlgorithmName: ALGORITHM.name,
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: codeSequence(CODES.artificialIntelligence),
        AlgorithmName: ALGORITHM.name,
        AlgorithmVersion: ALGORITHM.version,
      },
    ],
  };
}

function cieLab(color: readonly number[]): number[] {
  return dcmjsData.Colors.rgb2DICOMLAB(color.map(component => component / 255)).map(component =>
    Math.min(65535, Math.max(0, Math.round(component))),
  );
}
