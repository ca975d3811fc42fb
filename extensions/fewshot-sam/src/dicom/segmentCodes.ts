import type { Code, ReadSegmentDescription, SegmentDescription } from 'fewshot-sam-dicom';
import type { CodeTriple, SegmentTerms, Term } from '../terminology/term';
import { termOfCodes } from '../terminology/terms';

type SegmentCodes = Pick<SegmentDescription, keyof SegmentTerms>;

/** A term of the list as the writer of segmentations takes it. */
export function segmentCodes(terms: SegmentTerms): SegmentCodes {
  return Object.fromEntries(
    Object.entries(terms).map(([attribute, code]: [string, CodeTriple]) => [
      attribute,
      plain(code),
    ]),
  );
}

function plain({ CodeValue, CodingSchemeDesignator, CodeMeaning }: CodeTriple): Code {
  return { value: CodeValue, scheme: CodingSchemeDesignator, meaning: CodeMeaning };
}

/** The codes that a segmentation which was read gives a segment. */
export function codesRead(segment: ReadSegmentDescription): SegmentCodes {
  const { category, type, typeModifier, anatomicRegion, anatomicRegionModifier } = segment;
  const codes = { category, type, typeModifier, anatomicRegion, anatomicRegionModifier };
  return Object.fromEntries(Object.entries(codes).filter(([, code]) => code));
}

/** The term of our list that a segmentation which was read gives a segment; undefined for any other. */
export function termRead(segment: ReadSegmentDescription): Term | undefined {
  const codes = Object.entries(codesRead(segment)) as [keyof SegmentTerms, Code][];
  if (codes.some(([, { scheme }]) => scheme !== 'SCT')) return undefined;
  return termOfCodes(Object.fromEntries(codes.map(([attribute, { value }]) => [attribute, value])));
}

/** Whether it says more than that the segment is a structure, or tissue. */
export function isSpecific({ category, type }: ReadSegmentDescription): boolean {
  return type !== undefined && type.value !== category?.value;
}
