import { ALGORITHM } from '../data/algorithm';
import { CODES, codeSequence, type Code } from '../data/code';
import { dcmjsData } from '../data/dcmjsData';
import type { NaturalizedDataset } from '../data/naturalized';
import { newUid } from '../data/newUid';

/** PS3.3, C.8.20.4: Segment Algorithm Type. */
export type SegmentAlgorithmType = 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';

/** What made a segment (PS3.3, 10.16). */
export interface Algorithm {
  name: string;
  /** Where it is not known, as of segmentations of others, the name alone is written. */
  version?: string;
  /** Algorithm Family (CID 7162); Artificial Intelligence unless told. */
  family?: Code;
  /** How it was run, in words for people. */
  parameters?: string;
}

/** Names a structure across segmentations: the same in each version of it (PS3.3, C.8.20.4). */
export interface Tracking {
  id: string;
  uid: string;
}

export interface SegmentDescription {
  label: string;
  description?: string;
  /** Red, green, blue, 0..255. */
  color: readonly [number, number, number];
  /**
   * SEMIAUTOMATIC: slices of this series were drawn and others segmented from them. AUTOMATIC: what
   * was learned elsewhere was applied, and nothing drawn. MANUAL: all of it was drawn.
   */
  algorithmType: SegmentAlgorithmType;
  /** This software unless told; not written where all was drawn. */
  algorithm?: Algorithm;
  /** Segmented Property Category (CID 7150); Anatomical Structure unless told. */
  category?: Code;
  /** Segmented Property Type (CID 7151 and others); the category's own term unless told. */
  type?: Code;
  /** Of the type, e.g. its laterality (CID 244). */
  typeModifier?: Code;
  /** Where it is, if the type does not say so (CID 4). */
  anatomicRegion?: Code;
  /** Of the region, e.g. its laterality (CID 2). */
  anatomicRegionModifier?: Code;
  /** Its label and a new UID unless told. */
  tracking?: Tracking;
}

const LONG_STRING = 64;
/** Characters; limits of the VRs ST and LT. */
const SHORT_TEXT = 1024;
const LONG_TEXT = 10240;

/** Text as DICOM allows it in a Long String: no backslash, no control characters, 64 at most. */
export function longString(text: string): string {
  const allowed = text
    .replace(/\\/g, '/')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return Array.from(allowed).slice(0, LONG_STRING).join('').trim();
}

/** Items of Segment Sequence (PS3.3, C.8.20.4), numbered from 1. */
export function segmentSequence(segments: readonly SegmentDescription[]): NaturalizedDataset[] {
  return segments.map((segment, index) => {
    const category = segment.category ?? CODES.anatomicalStructure;
    const type = segment.type ?? category;
    const { typeModifier, anatomicRegion } = segment;
    const label = longString(segment.label) || `Segment ${index + 1}`;
    const description = segment.description?.trim().slice(0, SHORT_TEXT) ?? '';
    const tracking = segment.tracking ?? { id: label, uid: newUid() };
    return {
      ...(isAscii(label + description + tracking.id) ? {} : { SpecificCharacterSet: 'ISO_IR 192' }),
      SegmentedPropertyCategoryCodeSequence: codeSequence(category),
      SegmentNumber: index + 1,
      SegmentLabel: label,
      ...(description ? { SegmentDescription: description } : {}),
      SegmentAlgorithmType: segment.algorithmType,
      ...(segment.algorithmType === 'MANUAL'
        ? {}
        : algorithmIdentification(segment.algorithm ?? ALGORITHM)),
      RecommendedDisplayCIELabValue: cieLab(segment.color),
      SegmentedPropertyTypeCodeSequence: modified(
        type,
        'SegmentedPropertyTypeModifierCodeSequence',
        typeModifier,
      ),
      ...(anatomicRegion
        ? {
            AnatomicRegionSequence: modified(
              anatomicRegion,
              'AnatomicRegionModifierSequence',
              segment.anatomicRegionModifier,
            ),
          }
        : {}),
      TrackingID: tracking.id,
      TrackingUID: tracking.uid,
    };
  });
}

/** A code sequence of one item that holds the sequence of its modifier, if there is one. */
function modified(code: Code, keyword: string, modifier: Code | undefined): NaturalizedDataset[] {
  return codeSequence(code).map(item => ({
    ...item,
    ...(modifier ? { [keyword]: codeSequence(modifier) } : {}),
  }));
}

/**
 * An item may name its own character set (PS3.5, 7.5.3). dcmjs, and so OHIF, forgets that of the data
 * set inside sequences and would show another text.
 */
function isAscii(text: string): boolean {
  return Array.from(text).every(character => character <= '~');
}

function algorithmIdentification({
  name,
  version,
  family = CODES.artificialIntelligence,
  parameters = '',
}: Algorithm): NaturalizedDataset {
  if (!version) return { SegmentAlgorithmName: longString(name) };
  return {
    SegmentAlgorithmName: longString(name),
    SegmentationAlgorithmIdentificationSequence: [
      {
        AlgorithmFamilyCodeSequence: codeSequence(family),
        AlgorithmName: longString(name),
        AlgorithmVersion: longString(version),
        ...(parameters ? { AlgorithmParameters: parameters.slice(0, LONG_TEXT) } : {}),
      },
    ],
  };
}

function cieLab(color: readonly number[]): number[] {
  return dcmjsData.Colors.rgb2DICOMLAB(color.map(component => component / 255)).map(component =>
    Math.min(65535, Math.max(0, Math.round(component))),
  );
}
