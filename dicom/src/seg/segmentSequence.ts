import { ALGORITHM } from '../data/algorithm';
import { CODES, codeSequence, type Code } from '../data/code';
import { dcmjsData } from '../data/dcmjsData';
import type { NaturalizedDataset } from '../data/naturalized';
import { newUid } from '../data/newUid';

/** PS3.3, C.8.20.4: Segment Algorithm Type. */
export type SegmentAlgorithmType = 'AUTOMATIC' | 'SEMIAUTOMATIC' | 'MANUAL';

/** Algorithm that made a segment (PS3.3, 10.16). */
export interface Algorithm {
  name: string;
  /** If unknown, as for segmentations by other software, only the name is written. */
  version?: string;
  /** Algorithm Family (CID 7162). Default: Artificial Intelligence. */
  family?: Code;
  /** How it was run, for people. */
  parameters?: string;
}

/** Identifies a structure across versions of its segmentation (PS3.3, C.8.20.4). */
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
   * SEMIAUTOMATIC: some slices of this series were drawn and others segmented from them. AUTOMATIC: a task
   * learned elsewhere was applied, nothing drawn. MANUAL: everything was drawn.
   */
  algorithmType: SegmentAlgorithmType;
  /** Default: this software. Not written where everything was drawn. */
  algorithm?: Algorithm;
  /** Segmented Property Category (CID 7150). Default: Anatomical Structure. */
  category?: Code;
  /** Segmented Property Type (CID 7151 and others). Default: the category's own term. */
  type?: Code;
  /** Modifier of the type, e.g. its laterality (CID 244). */
  typeModifier?: Code;
  /** Anatomic region, if the type does not imply it (CID 4). */
  anatomicRegion?: Code;
  /** Modifier of the region, e.g. its laterality (CID 2). */
  anatomicRegionModifier?: Code;
  /** Default: its label and a new UID. */
  tracking?: Tracking;
}

const LONG_STRING = 64;
/** Characters; limits of the VRs ST and LT. */
const SHORT_TEXT = 1024;
const LONG_TEXT = 10240;

/** Converts text to a DICOM Long String: no backslash, no control characters, 64 characters at most. */
export function longString(text: string): string {
  const allowed = text
    .replace(/\\/g, '/')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();
  return Array.from(allowed).slice(0, LONG_STRING).join('').trim();
}

/** Returns the items of Segment Sequence (PS3.3, C.8.20.4), numbered from 1. */
export function segmentSequence(segments: readonly SegmentDescription[]): NaturalizedDataset[] {
  return segments.map((segment, index) => {
    const category = segment.category ?? CODES.anatomicalStructure;
    const type = segment.type ?? category;
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
      SegmentedPropertyTypeCodeSequence: typeSequence(type, segment.typeModifier),
      ...anatomicRegionModule(segment),
      TrackingID: tracking.id,
      TrackingUID: tracking.uid,
    };
  });
}

/** Returns the code sequence of a structure's type, with its modifier, e.g. a laterality. */
export function typeSequence(type: Code, modifier: Code | undefined): NaturalizedDataset[] {
  return modified(type, 'SegmentedPropertyTypeModifierCodeSequence', modifier);
}

/** Returns Anatomic Region Sequence with its modifier (PS3.3, 10.5); nothing without a region. */
export function anatomicRegionModule({
  anatomicRegion,
  anatomicRegionModifier,
}: Pick<SegmentDescription, 'anatomicRegion' | 'anatomicRegionModifier'>): NaturalizedDataset {
  if (!anatomicRegion) return {};
  return {
    AnatomicRegionSequence: modified(
      anatomicRegion,
      'AnatomicRegionModifierSequence',
      anatomicRegionModifier,
    ),
  };
}

function modified(code: Code, keyword: string, modifier: Code | undefined): NaturalizedDataset[] {
  return codeSequence(code).map(item => ({
    ...item,
    ...(modifier ? { [keyword]: codeSequence(modifier) } : {}),
  }));
}

/**
 * Whether text needs no character set in its item. An item may name its own (PS3.5, 7.5.3); dcmjs, and so
 * OHIF, ignores that of the data set inside sequences and would show wrong text.
 */
export function isAscii(text: string): boolean {
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

/** Returns Recommended Display CIELab Value of a color of 0..255. */
export function cieLab(color: readonly number[]): number[] {
  return dcmjsData.Colors.rgb2DICOMLAB(color.map(component => component / 255)).map(component =>
    Math.min(65535, Math.max(0, Math.round(component))),
  );
}
