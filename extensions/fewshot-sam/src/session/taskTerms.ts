import type { CodedTerm, TaskTerms } from 'fewshot-sam';
import type { CodeTriple, Term } from '../terminology/term';
import { termOfCodes } from '../terminology/terms';

/** Converts a term to the form stored in a task, including its side. */
export function toTaskTerms({ terms }: Term): TaskTerms {
  const { category, type, typeModifier, anatomicRegion, anatomicRegionModifier } = terms;
  return {
    category: plain(category),
    type: plain(type),
    ...(typeModifier && { typeModifier: plain(typeModifier) }),
    ...(anatomicRegion && { anatomicRegion: plain(anatomicRegion) }),
    ...(anatomicRegionModifier && { anatomicRegionModifier: plain(anatomicRegionModifier) }),
  };
}

/**
 * Finds the term of a task in our list.
 *
 * @returns undefined if it is of another scheme, or the list has none on that side
 */
export function termOfTask(terms: TaskTerms | undefined): Term | undefined {
  if (!terms) return undefined;
  const { type, typeModifier, anatomicRegion, anatomicRegionModifier } = terms;
  const parts = [type, typeModifier, anatomicRegion, anatomicRegionModifier];
  if (parts.some(part => part && part.scheme !== 'SCT')) return undefined;
  return termOfCodes({
    type: type.value,
    typeModifier: typeModifier?.value,
    anatomicRegion: anatomicRegion?.value,
    anatomicRegionModifier: anatomicRegionModifier?.value,
  });
}

/**
 * Whether a term adds only a side to another, as `Left kidney` does to `Kidney`. Tasks of earlier versions
 * store no side, but may have it in their name.
 */
export function addsSide(term: Term, other: Term): boolean {
  const [said, had] = [term.terms, other.terms];
  return (
    said.type.CodeValue === had.type.CodeValue &&
    said.anatomicRegion?.CodeValue === had.anatomicRegion?.CodeValue &&
    Boolean(said.typeModifier ?? said.anatomicRegionModifier) &&
    !had.typeModifier &&
    !had.anatomicRegionModifier
  );
}

function plain({ CodeValue, CodingSchemeDesignator, CodeMeaning }: CodeTriple): CodedTerm {
  return { value: CodeValue, scheme: CodingSchemeDesignator, meaning: CodeMeaning };
}
