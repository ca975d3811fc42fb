import type { ReadSegmentDescription } from 'fewshot-sam-dicom';
import { TERMS, termById } from '../terminology/terms';
import { codesRead, isSpecific, segmentCodes, termRead } from './segmentCodes';

const read = (codes: Partial<ReadSegmentDescription>): ReadSegmentDescription => ({
  number: 1,
  label: 'Liver',
  description: '',
  color: null,
  algorithmType: 'MANUAL',
  ...codes,
});
const structure = { value: '91723000', scheme: 'SCT', meaning: 'Anatomical Structure' };
const other = { value: '4711', scheme: '99OTHER', meaning: 'Something' };

it('knows each term of the list again', () => {
  const found = TERMS.filter(term => termRead(read(segmentCodes(term.terms)))?.id !== term.id);
  expect(found).toEqual([]);
});

it('keeps codes that the list lacks', () => {
  const codes = { category: structure, type: other };
  expect(termRead(read(codes))).toBeUndefined();
  expect(codesRead(read(codes))).toEqual(codes);
  const kidney = segmentCodes(termById('64033007.L')!.terms);
  expect(termRead(read({ ...kidney, typeModifier: other }))).toBeUndefined();
});

it('says whether codes say anything', () => {
  expect(isSpecific(read({}))).toBe(false);
  expect(isSpecific(read({ category: structure, type: structure }))).toBe(false);
  expect(isSpecific(read({ category: structure, type: other }))).toBe(true);
});
