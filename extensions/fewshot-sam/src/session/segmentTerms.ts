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
/** More labels than anybody uses; the oldest go first. */
const MOST = 300;
/** Names that the viewer gives say nothing about what is meant. */
const GIVEN = /^segment \d+$/;

/** The term of a segment; `chosen` by the user, or known from its label. */
export interface SegmentTerm {
  term: Term;
  chosen: boolean;
}

/**
 * Which term each segment has: the one chosen for it, or that it was opened with, else the one chosen for its label earlier, else
 * the one that its label names. Labels are remembered in the browser, with nothing of the patient.
 */
export class SegmentTermMemory {
  /** @param storage null where the browser grants none */
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

  /** Gives one segment a term that its task carries; nothing is remembered of it. */
  take(segmentationId: string, segmentIndex: number, label: string, id: string): void {
    this.termsOf(segmentationId, segmentIndex).set(label, id);
  }

  /** @param id null when none of the terms is meant */
  choose(segmentationId: string, segmentIndex: number, label: string, id: string | null): void {
    this.termsOf(segmentationId, segmentIndex).set(label, id);
    const key = labelKey(label);
    if (!key || GIVEN.test(key)) return;
    const terms = this.remembered();
    // Last in the order of the map.
    terms.delete(key);
    terms.set(key, id);
    remember(this.storage, KEY, JSON.stringify([...terms].slice(-MOST)));
  }

  /** A segment was opened that is described so. What was chosen before the file was read stays. */
  open(
    segmentationId: string,
    segmentIndex: number,
    label: string,
    description: ReadSegmentDescription,
  ): void {
    const terms = this.termsOf(segmentationId, segmentIndex);
    if (terms.has(label) || !isSpecific(description)) return;
    // Null: one that our list lacks.
    terms.set(label, termRead(description)?.id ?? null);
  }

  /** The codes of a segment: of the term it has, else as it was opened, also those that our list lacks. */
  codesOf(
    segmentationId: string,
    segmentIndex: number,
    label: string,
    opened: OpenedSegment | undefined,
  ): ReturnType<typeof segmentCodes> | undefined {
    const term = this.termOf(segmentationId, segmentIndex, label)?.term;
    if (term) return segmentCodes(term.terms);
    if (!opened || !isNamed(opened.description, label)) return undefined;
    // A term of our list was shown, and taken away.
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

function labelKey(label: string): string {
  return wordsOf(label).join(' ');
}
