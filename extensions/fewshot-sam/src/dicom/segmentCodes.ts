import type { Code, ReadSegmentDescription, SegmentDescription } from 'fewshot-sam-dicom';
import type { CodeTriple, SegmentTerms, Term } from '../terminology/term';
import { termOfCodes } from '../terminology/terms';

type SegmentCodes = Pick<SegmentDescription, keyof SegmentTerms>;

/** Converts a term of the list to the form that the SEG writer takes. */
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

/** The codes of a segment in a SEG that was read. */
export function codesRead(segment: ReadSegmentDescription): SegmentCodes {
  const { category, type, typeModifier, anatomicRegion, anatomicRegionModifier } = segment;
  const codes = { category, type, typeModifier, anatomicRegion, anatomicRegionModifier };
  return Object.fromEntries(Object.entries(codes).filter(([, code]) => code));
}

/** The term of our list for a segment in a SEG that was read; undefined if the list lacks it. */
export function termRead(segment: ReadSegmentDescription): Term | undefined {
  const codes = Object.entries(codesRead(segment)) as [keyof SegmentTerms, Code][];
  if (codes.some(([, { scheme }]) => scheme !== 'SCT')) return undefined;
  return termOfCodes(Object.fromEntries(codes.map(([attribute, { value }]) => [attribute, value])));
}

/** Whether the codes say more than "structure" or "tissue". */
export function isSpecific({ category, type }: ReadSegmentDescription): boolean {
  return type !== undefined && type.value !== category?.value;
}
