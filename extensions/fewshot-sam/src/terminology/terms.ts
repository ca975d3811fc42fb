import type { CodeTriple, SegmentTerms, Structure, Term } from './term';
import { CIRCULATION } from './tables/circulation';
import { LESIONS } from './tables/lesions';
import { LYMPH_NODES } from './tables/lymphNodes';
import { MUSCLES } from './tables/muscles';
import { NERVOUS_SYSTEM } from './tables/nervousSystem';
import { ORGANS } from './tables/organs';
import { SKELETON } from './tables/skeleton';
import { TISSUES } from './tables/tissues';

/**
 * Version of the list. Every code is one of PS3.16 (`P` in the tables; context groups 4, 7150 to 7195,
 * 7600 and others, edition of 2022 as in pydicom 2.3), or of the SNOMED CT mapping that TotalSegmentator
 * publishes (`T`; totalsegmentator_snomed_mapping.csv, 2025).
 */
export const TERMS_VERSION = '1';

function code(value: string, meaning: string): CodeTriple {
  return { CodeValue: value, CodingSchemeDesignator: 'SCT', CodeMeaning: meaning };
}

/** PS3.16, CID 7150. */
const CATEGORY = {
  anatomical: code('91723000', 'Anatomical Structure'),
  abnormal: code('49755003', 'Morphologically Abnormal Structure'),
  tissue: code('85756007', 'Tissue'),
};

/** PS3.16, CID 244. */
const SIDES = {
  L: { modifier: code('7771000', 'Left'), words: ['left'] },
  R: { modifier: code('24028007', 'Right'), words: ['right'] },
  B: { modifier: code('51440002', 'Bilateral'), words: ['bilateral', 'both'] },
};
type Side = keyof typeof SIDES;

/** `Kidney` -> `kidney`, but `L3 vertebra` stays. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text;
}

/** A structure on one side, or on none. */
interface Place {
  structure: Structure;
  side: Side | null;
  id: string;
  name: string;
  phrases: string[];
}

function placesOf(structure: Structure): Place[] {
  const { code: id, name, synonyms, paired } = structure;
  const said = [name, ...synonyms];
  const places: Place[] = [{ structure, side: null, id, name, phrases: said }];
  if (!paired) return places;
  for (const side of ['L', 'R', 'B'] as const) {
    const { modifier, words } = SIDES[side];
    places.push({
      structure,
      side,
      id: `${id}.${side}`,
      name: `${modifier.CodeMeaning} ${lowerFirst(name)}`,
      phrases: words.flatMap(word => said.map(phrase => `${word} ${phrase}`)),
    });
  }
  return places;
}

function structureTerm({ structure, side, ...place }: Place, category: CodeTriple): Term {
  const type = code(structure.code, structure.name);
  return {
    ...place,
    terms: { category, type, ...(side ? { typeModifier: SIDES[side].modifier } : {}) },
  };
}

function lesionTerms(places: ReadonlyMap<string, Place[]>): Term[] {
  return LESIONS.flatMap(({ code: value, name, words, regions }) => {
    const lesion = { category: CATEGORY.abnormal, type: code(value, name) };
    const [word] = words;
    const alone: Term = {
      id: value,
      name: word[0].toUpperCase() + word.slice(1),
      terms: lesion,
      phrases: words,
    };
    const somewhere = regions
      .flatMap(region => places.get(region) ?? [])
      .map(({ structure, side, id, name: where, phrases }) => ({
        id: `${value}@${id}`,
        name: `${where} ${word}`,
        terms: {
          ...lesion,
          anatomicRegion: code(structure.code, structure.name),
          ...(side ? { anatomicRegionModifier: SIDES[side].modifier } : {}),
        },
        phrases: words.flatMap(said => phrases.map(phrase => `${phrase} ${said}`)),
      }));
    return [alone, ...somewhere];
  });
}

function build(): Term[] {
  const anatomical = [
    ...ORGANS,
    ...NERVOUS_SYSTEM,
    ...SKELETON,
    ...CIRCULATION,
    ...MUSCLES,
    ...LYMPH_NODES,
  ];
  const places = new Map(
    [...anatomical, ...TISSUES].map(structure => [structure.code, placesOf(structure)]),
  );
  const termsOf = (structures: Structure[], category: CodeTriple) =>
    structures.flatMap(structure =>
      places.get(structure.code)!.map(place => structureTerm(place, category)),
    );
  return [
    ...termsOf(anatomical, CATEGORY.anatomical),
    ...termsOf(TISSUES, CATEGORY.tissue),
    ...lesionTerms(places),
  ];
}

/** The terms to choose from: structures, then lesions; sides follow their structure. */
export const TERMS: readonly Term[] = build();

const byId = new Map(TERMS.map(term => [term.id, term]));

/** The term with this id; undefined if this version of the list has none. */
export function termById(id: string): Term | undefined {
  return byId.get(id);
}

/** SNOMED CT codes of a term. */
export type TermCodes = Partial<Record<keyof SegmentTerms, string>>;

/**
 * The term with exactly these codes: without a side, only a term without a side matches. The category is
 * optional.
 */
export function termOfCodes({ category, ...codes }: TermCodes): Term | undefined {
  const parts = ['type', 'typeModifier', 'anatomicRegion', 'anatomicRegionModifier'] as const;
  return TERMS.find(
    ({ terms }) =>
      parts.every(part => terms[part]?.CodeValue === codes[part]) &&
      (category === undefined || terms.category.CodeValue === category),
  );
}
