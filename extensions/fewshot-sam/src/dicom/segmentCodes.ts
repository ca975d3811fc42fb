import type { Code } from 'fewshot-sam-dicom/code';
import type { SegmentDescription } from 'fewshot-sam-dicom/segmentSequence';
import type { CodeTriple, SegmentTerms } from '../terminology/term';

/** A term of the list as the writer of segmentations takes it. */
export function segmentCodes(
  terms: SegmentTerms,
): Pick<SegmentDescription, keyof SegmentTerms & keyof SegmentDescription> {
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
