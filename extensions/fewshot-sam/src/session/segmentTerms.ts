import type { ReadSegmentDescription } from 'fewshot-sam-dicom';
import { codesRead, isSpecific, segmentCodes, termRead } from '../dicom/segmentCodes';
import { termForLabel } from '../terminology/findTerms';
import type { Term } from '../terminology/term';
import { termById } from '../terminology/terms';
import { wordsOf } from '../terminology/words';
import { remember, remembered, type ChoiceStorage } from './browserStorage';
import { isNamed } from './opened';
import type { OpenedSegment, SegmentationRecords } from './segmentationRecords';

const KEY = 'fewshot-sam.terms';
/** Most labels to remember; the oldest are dropped. */
const MOST = 300;
/** Default names of the viewer, which name no structure. */
const GIVEN = /^segment \d+$/;

/** The term of a segment; `chosen` by the user, or known from its label. */
export interface SegmentTerm {
  term: Term;
  chosen: boolean;
}

/**
 * Finds the term of a segment: the one chosen for it or read from its file, else the one chosen earlier
 * for its label, else the one that its label names. The browser stores labels only, nothing about the
 * patient.
 */
export class SegmentTermMemory {
  /** @param storage null if the browser denies access */
  constructor(
    private readonly storage: ChoiceStorage | null,
    private readonly records: SegmentationRecords,
  ) {}

  termOf(segmentationId: string, segmentIndex: number, label: string): SegmentTerm | null {
    const here = this.termsOf(segmentationId, segmentIndex).get(label);
    const id = here === undefined ? this.remembered().get(labelKey(label)) : here;
    if (id === null) return null;
    const chosen = id === undefined ? undefined : termById(id);
    if (chosen) return { term: chosen, chosen: true };
    const named = termForLabel(label);
    return named && { term: named, chosen: false };
  }

  /** Gives one segment the term of its task, without remembering it for the label. */
  take(segmentationId: string, segmentIndex: number, label: string, id: string): void {
    this.termsOf(segmentationId, segmentIndex).set(label, id);
  }

  /** @param id null for no term */
  choose(segmentationId: string, segmentIndex: number, label: string, id: string | null): void {
    this.termsOf(segmentationId, segmentIndex).set(label, id);
    const key = labelKey(label);
    if (!key || isGiven(label)) return;
    const terms = this.remembered();
    // Move it to the end of the map, as the newest.
    terms.delete(key);
    terms.set(key, id);
    remember(this.storage, KEY, JSON.stringify([...terms].slice(-MOST)));
  }

  /** Carries the term that the user chose over to a new name, unless that names a structure itself. */
  rename(segmentationId: string, segmentIndex: number, from: string, to: string): void {
    const known = this.termOf(segmentationId, segmentIndex, from);
    if (known?.chosen && !this.termOf(segmentationId, segmentIndex, to)) {
      this.choose(segmentationId, segmentIndex, to, known.term.id);
    }
  }

  /** Takes the term from the description of an opened segment, unless the user chose one before. */
  open(
    segmentationId: string,
    segmentIndex: number,
    label: string,
    description: ReadSegmentDescription,
  ): void {
    const terms = this.termsOf(segmentationId, segmentIndex);
    if (terms.has(label) || !isSpecific(description)) return;
    // Null: a term that our list lacks.
    terms.set(label, termRead(description)?.id ?? null);
  }

  /** Codes of a segment: those of its term, else those it was opened with, even if our list lacks them. */
  codesOf(
    segmentationId: string,
    segmentIndex: number,
    label: string,
    opened: OpenedSegment | undefined,
  ): ReturnType<typeof segmentCodes> | undefined {
    const term = this.termOf(segmentationId, segmentIndex, label)?.term;
    if (term) return segmentCodes(term.terms);
    if (!opened || !isNamed(opened.description, label)) return undefined;
    // The user removed a term of our list.
    return termRead(opened.description) ? undefined : codesRead(opened.description);
  }

  private termsOf(segmentationId: string, segmentIndex: number): Map<string, string | null> {
    return this.records.segment({ segmentationId, segmentIndex }).terms;
  }

  private remembered(): Map<string, string | null> {
    try {
      return new Map(
        JSON.parse(remembered(this.storage, KEY) ?? '[]') as [string, string | null][],
      );
    } catch {
      return new Map();
    }
  }
}

/**
 * Name of a segment after its term was chosen: that of the term, if the viewer or the term before gave the
 * name; else the user's own.
 *
 * @param before the term until now
 */
export function nameAfterTerm(label: string, before: Term | undefined, chosen: Term): string {
  return isGiven(label) || label === before?.name ? chosen.name : label;
}

/** Whether the viewer gave a segment this name, which names no structure. */
function isGiven(label: string): boolean {
  return GIVEN.test(labelKey(label));
}

function labelKey(label: string): string {
  return wordsOf(label).join(' ');
}
