import { resolveStructures } from './resolveStructures';

const CHOICES = [
  { number: 1, label: 'Liver' },
  { number: 2, label: 'liver' },
  { number: 3, label: 'Kidney, left' },
  { number: 7, label: 'Spleen' },
  { number: 8, label: 'Vessel' },
  { number: 9, label: 'Vessel' },
  { number: 12, label: '5' },
];
const NAMES = { label: '--label', labels: '--labels drawn.dcm' };

const resolve = (...wanted: (number | string)[][]) => resolveStructures(wanted, CHOICES, NAMES);

/** Returns message and remedy of an error. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    const { message, remedy } = error as { message: string; remedy: string };
    return `${message} ${remedy}`;
  }
  throw new Error('It was not refused.');
}

describe('resolveStructures', () => {
  it('finds names as they are spelled, numbers, and several of them', () => {
    expect(resolve(['liver'], ['Liver'])).toEqual([[2], [1]]);
    expect(resolve(['Kidney, left'])).toEqual([[3]]);
    expect(resolve(['Spleen,Liver'], [3])).toEqual([[7, 1], [3]]);
  });

  it('takes digits for the number, then for the name', () => {
    expect(resolve([7], [5])).toEqual([[7], [12]]);
  });

  it('lists what is there, and other spellings', () => {
    expect(refusal(() => resolve(['LIVER']))).toBe(
      '--label "LIVER" is not in --labels drawn.dcm, which holds 1 "Liver", 2 "liver", 3 "Kidney, left", 7 "Spleen", 8 "Vessel", 9 "Vessel", 12 "5". Did you mean "Liver" or "liver"? Give the name as it is spelled there, or the number.',
    );
    expect(refusal(() => resolve([4]))).toContain('--label "4" is not in');
  });

  it('refuses a name of two segments, and one for two structures', () => {
    expect(refusal(() => resolve(['Vessel']))).toContain('8 "Vessel", 9 "Vessel"');
    expect(refusal(() => resolve(['Liver'], [1]))).toContain('gives 1 "Liver" to two structures');
  });

  it('takes values alone where labels have no names', () => {
    expect(resolveStructures([[4, 5]], undefined, NAMES)).toEqual([[4, 5]]);
    expect(refusal(() => resolveStructures([['Liver']], undefined, NAMES))).toContain(
      'has no names',
    );
  });
});
