/** A coded term as DICOM writes it (PS3.3, 8.8); the scheme is always SNOMED CT here. */
export interface CodeTriple {
  CodeValue: string;
  CodingSchemeDesignator: 'SCT';
  CodeMeaning: string;
}

/** What a segment is, in the attributes of a DICOM SEG (PS3.3, C.8.20.4). */
export interface SegmentTerms {
  /** Segmented Property Category (PS3.16, CID 7150). */
  category: CodeTriple;
  /** Segmented Property Type. */
  type: CodeTriple;
  /** Laterality of the type (PS3.16, CID 244). */
  typeModifier?: CodeTriple;
  /** Where a lesion is. */
  anatomicRegion?: CodeTriple;
  /** Laterality of the region. */
  anatomicRegionModifier?: CodeTriple;
}

/** A term that can be chosen for a segment. */
export interface Term {
  /** Stable across versions of the list, e.g. `64033007.L`, `367643001@64033007.L`. */
  id: string;
  /** Display name, e.g. `Left kidney`, `Left kidney cyst`. */
  name: string;
  terms: SegmentTerms;
  /** The name, then its synonyms. */
  phrases: string[];
}

/** Source of a code: PS3.16 (`P`), or the mapping that TotalSegmentator publishes (`T`). */
export type CodeSource = 'P' | 'T';

/** A structure of the list, without laterality. */
export interface Structure {
  code: string;
  name: string;
  /** There is one on each side. */
  paired: boolean;
  synonyms: string[];
  source: CodeSource;
}

/** A kind of lesion, and the structures where it usually occurs. */
export interface Lesion {
  code: string;
  /** Code Meaning. */
  name: string;
  /** The word for it in a name such as `Liver tumor`, then its synonyms. */
  words: string[];
  /** Codes of structures. */
  regions: string[];
  source: CodeSource;
}

/** One line of a table: fields between bars. @returns fields of each line */
function lines(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map(line => line.split('|').map(field => field.trim()));
}

function list(field: string): string[] {
  return field ? field.split(',').map(entry => entry.trim()) : [];
}

/** Reads lines `source | code | name | LR where paired | synonyms`. */
export function structuresOf(table: string): Structure[] {
  return lines(table).map(([source, code, name, sides, synonyms]) => ({
    source: source as CodeSource,
    code,
    name,
    paired: sides === 'LR',
    synonyms: list(synonyms),
  }));
}

/** Reads lines `source | code | name | words | regions`. */
export function lesionsOf(table: string): Lesion[] {
  return lines(table).map(([source, code, name, words, regions]) => ({
    source: source as CodeSource,
    code,
    name,
    words: list(words),
    regions: regions ? regions.split(' ') : [],
  }));
}
