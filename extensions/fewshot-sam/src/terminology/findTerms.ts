import type { Term } from './term';
import { TERMS } from './terms';
import { wordsOf } from './words';

const MOST = 20;

/** Costs of differences between a phrase and the typed words; the cheapest term comes first. */
const COST = {
  /** A word of the phrase that was not typed. */
  missing: 10,
  /** A word that was typed only in part. */
  begun: 3,
  /** A synonym instead of the name. */
  synonym: 2,
  /** Words typed in another order. */
  order: 1,
  /** Both sides at once, which users rarely want. */
  bilateral: 4,
  /** A lesion, if a structure matches equally well. */
  lesion: 1,
};

interface Entry {
  term: Term;
  phrases: string[][];
  /** Cost of the term itself. */
  cost: number;
}

let entries: Entry[] | null = null;
let byWords: Map<string, Term> | null = null;

function index(): Entry[] {
  entries ??= TERMS.map(term => ({
    term,
    phrases: term.phrases.map(wordsOf),
    cost:
      (term.id.endsWith('.B') ? COST.bilateral : 0) +
      (term.terms.category.CodeValue === '49755003' ? COST.lesion : 0),
  }));
  return entries;
}

/** Cost of a phrase for the typed words; infinite if one of them does not occur. */
function costOf(typed: string[], phrase: string[]): number {
  if (typed.length > phrase.length) return Infinity;
  let cost = COST.missing * (phrase.length - typed.length);
  // One bit per word of the phrase: this runs thousands of times per key press.
  let taken = 0;
  let last = -1;
  let inOrder = true;
  for (const word of typed) {
    let begun = -1;
    let exact = -1;
    for (let i = 0; i < phrase.length && exact < 0; i++) {
      if (taken & (1 << i) || !phrase[i].startsWith(word)) continue;
      if (phrase[i].length === word.length) exact = i;
      else if (begun < 0) begun = i;
    }
    const at = exact < 0 ? begun : exact;
    if (at < 0) return Infinity;
    if (exact < 0) cost += COST.begun;
    taken |= 1 << at;
    inOrder &&= at > last;
    last = at;
  }
  return inOrder ? cost : cost + COST.order;
}

/**
 * Finds terms for typed text: words in any order, partial words, plurals, British or American spelling,
 * synonyms.
 *
 * @returns best first, at most `most`; empty if a word matches no term
 */
export function findTerms(text: string, most = MOST): Term[] {
  const typed = wordsOf(text);
  if (!typed.length) return [];
  const found: { term: Term; cost: number }[] = [];
  for (const { term, phrases, cost } of index()) {
    let best = Infinity;
    phrases.forEach((phrase, i) => {
      best = Math.min(best, costOf(typed, phrase) + (i === 0 ? 0 : COST.synonym));
    });
    if (best < Infinity) found.push({ term, cost: best + cost });
  }
  // Sorting is stable: equal costs keep the order of the list.
  return found
    .sort((a, b) => a.cost - b.cost)
    .slice(0, most)
    .map(({ term }) => term);
}

/**
 * The term that a label names, word by word in any order: `Liver`, `kidney_left`, `L3`.
 *
 * @returns null if it names none, or only part of one
 */
export function termForLabel(label: string): Term | null {
  if (!byWords) {
    byWords = new Map();
    for (const { term, phrases } of index()) {
      for (const phrase of phrases) {
        const key = inAnyOrder(phrase);
        // If two phrases have the same words, the first of the list wins.
        if (!byWords.has(key)) byWords.set(key, term);
      }
    }
  }
  return byWords.get(inAnyOrder(wordsOf(label))) ?? null;
}

function inAnyOrder(words: string[]): string {
  return [...words].sort().join(' ');
}
