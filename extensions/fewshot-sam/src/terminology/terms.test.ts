import { CIRCULATION } from './tables/circulation';
import { LESIONS } from './tables/lesions';
import { LYMPH_NODES } from './tables/lymphNodes';
import { MUSCLES } from './tables/muscles';
import { NERVOUS_SYSTEM } from './tables/nervousSystem';
import { ORGANS } from './tables/organs';
import { SKELETON } from './tables/skeleton';
import { TISSUES } from './tables/tissues';
import type { CodeTriple } from './term';
import { termById, termOfCodes, TERMS } from './terms';

const STRUCTURES = [
  ...[ORGANS, NERVOUS_SYSTEM, SKELETON, CIRCULATION],
  ...[MUSCLES, LYMPH_NODES, TISSUES],
].flat();

const codesOf = ({ terms }: (typeof TERMS)[number]) =>
  Object.values(terms).filter((code): code is CodeTriple => code !== undefined);

/** Verhoeff's check digit, which ends every SNOMED CT identifier. */
function checks(digits: string): boolean {
  // Products in the dihedral group of the pentagon: 0..4 turn, 5..9 turn and flip.
  const product = (a: number, b: number) => {
    const turn = a < 5 ? (a + b) % 5 : (a - b + 10) % 5;
    return a < 5 === b < 5 ? turn : turn + 5;
  };
  const permuted = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
  let check = 0;
  [...digits].reverse().forEach((digit, position) => {
    let value = Number(digit);
    for (let i = 0; i < position % 8; i++) value = permuted[value];
    check = product(check, value);
  });
  return check === 0;
}

it('checks digits as Verhoeff did', () => {
  expect(checks('2363')).toBe(true);
  expect(checks('2364')).toBe(false);
  expect(checks('3263')).toBe(false);
});

it('has the usual structures', () => {
  expect(STRUCTURES.length).toBeGreaterThan(400);
  const names = STRUCTURES.map(({ name }) => name);
  for (const level of ['C1', 'C7', 'T1', 'T12', 'L1', 'L5', 'S1']) {
    expect(names).toContain(`${level} vertebra`);
  }
  expect(names.filter(name => /^\S+ rib$/.test(name))).toHaveLength(12);
});

it('has each structure and each lesion once', () => {
  const codes = [...STRUCTURES, ...LESIONS].map(({ code }) => code);
  expect(new Set(codes).size).toBe(codes.length);
});

it('names the source of each code', () => {
  for (const { source } of [...STRUCTURES, ...LESIONS]) expect(source).toMatch(/^[PT]$/);
});

it('has lesions only of structures in the list', () => {
  const known = new Set(STRUCTURES.map(({ code }) => code));
  for (const { regions } of LESIONS) {
    expect(regions.filter(region => !known.has(region))).toEqual([]);
    expect(new Set(regions).size).toBe(regions.length);
  }
});

it('gives each term an id and codes of its own', () => {
  const ids = TERMS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const codes = TERMS.map(term => JSON.stringify(term.terms));
  expect(new Set(codes).size).toBe(codes.length);
});

it('has valid SNOMED CT identifiers, none of retired SRT', () => {
  for (const term of TERMS) {
    for (const { CodeValue, CodingSchemeDesignator, CodeMeaning } of codesOf(term)) {
      expect(CodingSchemeDesignator).toBe('SCT');
      expect(CodeValue).toMatch(/^[1-9]\d{5,15}$/);
      expect([CodeValue, checks(CodeValue)]).toEqual([CodeValue, true]);
      // A Long String in DICOM.
      expect(CodeMeaning.length).toBeGreaterThan(1);
      expect(CodeMeaning.length).toBeLessThanOrEqual(64);
    }
  }
});

it.each([
  ['71341001.L', 'Left femur', { category: '91723000', type: '71341001', typeModifier: '7771000' }],
  [
    '71341001.B',
    'Bilateral femur',
    { category: '91723000', type: '71341001', typeModifier: '51440002' },
  ],
  ['248300009', 'Body fat', { category: '85756007', type: '248300009' }],
  ['367643001', 'Cyst', { category: '49755003', type: '367643001' }],
  [
    '367643001@64033007.R',
    'Right kidney cyst',
    {
      category: '49755003',
      type: '367643001',
      anatomicRegion: '64033007',
      anatomicRegionModifier: '24028007',
    },
  ],
])('codes %s as %s', (id, name, codes) => {
  const term = termById(id)!;
  expect(term.name).toBe(name);
  expect(
    Object.fromEntries(
      Object.entries(term.terms).map(([part, triple]) => [part, (triple as CodeTriple).CodeValue]),
    ),
  ).toEqual(codes);
});

it('finds the term that has certain codes, its side too, and no others', () => {
  expect(termOfCodes({ type: '64033007' })).toMatchObject({ id: '64033007', name: 'Kidney' });
  const [type, typeModifier] = ['64033007', '7771000'];
  expect(termOfCodes({ type, typeModifier })).toMatchObject({ id: '64033007.L' });
  expect(
    termOfCodes({
      type: '367643001',
      anatomicRegion: '64033007',
      anatomicRegionModifier: '24028007',
    }),
  ).toMatchObject({ id: '367643001@64033007.R' });
  expect(termOfCodes({ type: '0' })).toBeUndefined();
  // The aorta has no side.
  expect(termOfCodes({ type: '15825003', typeModifier })).toBeUndefined();
});
