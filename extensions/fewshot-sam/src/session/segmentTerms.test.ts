import { SegmentationRecords } from './segmentationRecords';
import type { ChoiceStorage } from './browserStorage';
import { termById } from '../terminology/terms';
import { nameAfterTerm, SegmentTermMemory } from './segmentTerms';

/** A browser's storage that the test can look into. */
function storageOf(content: Record<string, string> = {}): ChoiceStorage & {
  content: Record<string, string>;
} {
  return {
    content,
    getItem: key => content[key] ?? null,
    setItem: (key, value) => {
      content[key] = value;
    },
  };
}
const memoryIn = (storage: ChoiceStorage | null) =>
  new SegmentTermMemory(storage, new SegmentationRecords());
const LEFT_KIDNEY = '64033007.L';
const LIVER = '10200004';

it('knows a term from the label, until another is chosen', () => {
  const memory = memoryIn(storageOf());
  expect(memory.termOf('a', 1, 'Liver')).toMatchObject({ term: { id: LIVER }, chosen: false });
  memory.choose('a', 1, 'Liver', LEFT_KIDNEY);
  expect(memory.termOf('a', 1, 'Liver')).toMatchObject({ term: { id: LEFT_KIDNEY }, chosen: true });
});

describe('nameAfterTerm', () => {
  const [liver, kidney] = [termById(LIVER)!, termById(LEFT_KIDNEY)!];
  it('names a segment that only the viewer has named', () => {
    expect(nameAfterTerm('Segment 1', undefined, liver)).toBe('Liver');
  });
  it('follows from one term to the next', () => {
    expect(nameAfterTerm('Liver', liver, kidney)).toBe('Left kidney');
  });
  it('keeps a name of the user', () => {
    expect(nameAfterTerm('Leber', undefined, liver)).toBe('Leber');
    expect(nameAfterTerm('Leber', liver, kidney)).toBe('Leber');
  });
});

it('carries a chosen term over to a new name, unless that names a structure', () => {
  const memory = memoryIn(storageOf());
  memory.choose('a', 1, 'Liver', LEFT_KIDNEY);
  memory.rename('a', 1, 'Liver', 'my structure');
  expect(memory.termOf('a', 1, 'my structure')?.term.id).toBe(LEFT_KIDNEY);
  memory.rename('a', 1, 'my structure', 'Spleen');
  expect(memory.termOf('a', 1, 'Spleen')?.term.name).toBe('Spleen');
});

it('has none for a label that names none', () => {
  expect(memoryIn(null).termOf('a', 1, 'my structure')).toBeNull();
});

it('does not come back to what the user took away', () => {
  const storage = storageOf();
  memoryIn(storage).choose('a', 1, 'Liver', null);
  expect(memoryIn(storage).termOf('b', 1, 'Liver')).toBeNull();
});

it('remembers a choice by the label, in any spelling, in the next session', () => {
  const storage = storageOf();
  memoryIn(storage).choose('a', 1, 'Niere links', LEFT_KIDNEY);
  const next = memoryIn(storage);
  expect(next.termOf('b', 7, 'niere_links')?.term.name).toBe('Left kidney');
});

it('keeps the label and the term, and nothing else', () => {
  const storage = storageOf();
  memoryIn(storage).choose('1.2.840.1', 1, 'Niere links', LEFT_KIDNEY);
  expect(Object.values(storage.content)).toEqual(['[["niere link","64033007.L"]]']);
});

it('remembers a name that the viewer gave for its own segment only', () => {
  const storage = storageOf();
  const memory = memoryIn(storage);
  memory.choose('a', 1, 'Segment 1', LIVER);
  expect(memory.termOf('a', 1, 'Segment 1')?.term.name).toBe('Liver');
  expect(memory.termOf('b', 1, 'Segment 1')).toBeNull();
  expect(storage.content).toEqual({});
});

it('forgets the oldest labels', () => {
  const storage = storageOf();
  const memory = memoryIn(storage);
  for (let i = 0; i < 301; i++) memory.choose('a', 1, `structure ${i}`, LIVER);
  const next = memoryIn(storage);
  expect(next.termOf('b', 1, 'structure 0')).toBeNull();
  expect(next.termOf('b', 1, 'structure 300')?.term.id).toBe(LIVER);
});

it('does without a storage that is full, forbidden or spoiled', () => {
  const full: ChoiceStorage = {
    getItem: () => 'not JSON',
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
  };
  const memory = memoryIn(full);
  memory.choose('a', 1, 'mine', LIVER);
  expect(memory.termOf('a', 1, 'mine')?.term.id).toBe(LIVER);
});

it('gives a segment the term of its task, and remembers nothing of it', () => {
  const storage = storageOf();
  const memory = memoryIn(storage);
  memory.choose('a', 1, 'Kidney', LEFT_KIDNEY);
  const before = { ...storage.content };
  memory.take('b', 2, 'Kidney', '64033007.R');
  expect(memory.termOf('b', 2, 'Kidney')?.term.name).toBe('Right kidney');
  expect(memory.termOf('b', 3, 'Kidney')?.term.name).toBe('Left kidney');
  expect(storage.content).toEqual(before);
});
