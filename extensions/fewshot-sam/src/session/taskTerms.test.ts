import { TERMS, termById } from '../terminology/terms';
import { addsSide, termOfTask, toTaskTerms } from './taskTerms';

describe('a term in a task', () => {
  it('is the same term when it comes out, on the same side', () => {
    for (const term of TERMS) expect(termOfTask(toTaskTerms(term))?.id).toBe(term.id);
    expect(toTaskTerms(termById('64033007.L')!)).toMatchObject({
      type: { value: '64033007', scheme: 'SCT', meaning: 'Kidney' },
      typeModifier: { value: '7771000', scheme: 'SCT', meaning: 'Left' },
    });
  });

  it('is none of the list when it is of another scheme, or on a side that the list does not know', () => {
    const liver = toTaskTerms(termById('10200004')!);
    expect(termOfTask(undefined)).toBeUndefined();
    expect(termOfTask({ ...liver, type: { ...liver.type, scheme: '99OWN' } })).toBeUndefined();
    const left = { value: '7771000', scheme: 'SCT', meaning: 'Left' };
    expect(termOfTask({ ...liver, typeModifier: left })).toBeUndefined();
  });
});

it('tells a term that adds a side from any other', () => {
  const adds = (id: string, other: string) => addsSide(termById(id)!, termById(other)!);
  expect(adds('64033007.L', '64033007')).toBe(true);
  expect(adds('367643001@64033007.R', '367643001@64033007')).toBe(true);
  expect(adds('64033007', '64033007.L')).toBe(false);
  expect(adds('64033007.L', '64033007.R')).toBe(false);
  expect(adds('71341001.L', '64033007')).toBe(false);
  expect(adds('367643001@64033007.R', '367643001')).toBe(false);
});
