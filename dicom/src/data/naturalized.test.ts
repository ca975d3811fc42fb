import { decimalString, numbersOf, personNameOf, textOf, valuesOf } from './naturalized';

describe('decimalString', () => {
  it.each([
    [0.859375, '0.859375'],
    [-249.51171875, '-249.51171875'],
    [0.1 + 0.2, '0.3'],
    [-0.13415799392505787, '-0.1341579939251'],
    [-1.2345678901234567e-7, '-1.2345678901e-7'],
    [123456789012345680000, '1.2345678901e+20'],
  ])('writes %p as %s', (value, text) => {
    expect(decimalString(value)).toBe(text);
    expect(text.length).toBeLessThanOrEqual(16);
  });

  it('refuses what is no number', () => {
    expect(() => decimalString(NaN)).toThrow(RangeError);
  });
});

describe('personNameOf', () => {
  it.each([
    ['text', 'Demo^Brain ', 'Demo^Brain'],
    ['what DICOM JSON holds', { Alphabetic: 'Demo^Brain' }, 'Demo^Brain'],
    ['an array of it', [{ Alphabetic: 'Demo^Brain' }], 'Demo^Brain'],
    [
      'three component groups',
      [{ Alphabetic: 'Yamada^Tarou', Ideographic: '山田^太郎', Phonetic: 'やまだ^たろう' }],
      'Yamada^Tarou=山田^太郎=やまだ^たろう',
    ],
    ['a name without the alphabetic group', { Ideographic: '山田^太郎' }, '=山田^太郎'],
    ['no name', undefined, ''],
    ['an empty one', [], ''],
  ])('reads %s', (_, PatientName, expected) => {
    expect(personNameOf({ PatientName }, 'PatientName')).toBe(expected);
  });
});

describe('values', () => {
  it('come bare, in arrays or typed arrays', () => {
    expect(valuesOf({ Rows: 256 }, 'Rows')).toEqual([256]);
    expect(valuesOf({ ImageType: ['DERIVED', 'PRIMARY'] }, 'ImageType')).toHaveLength(2);
    expect(valuesOf({ PixelSpacing: new Float32Array([0.5, 0.5]) }, 'PixelSpacing')).toEqual([
      0.5, 0.5,
    ]);
    expect(valuesOf({}, 'Rows')).toEqual([]);
  });

  it('are numbers only when there are as many as asked for', () => {
    expect(numbersOf({ PixelSpacing: ['0.5', ' 0.7'] }, 'PixelSpacing', 2)).toEqual([0.5, 0.7]);
    expect(numbersOf({ PixelSpacing: ['0.5'] }, 'PixelSpacing', 2)).toBeNull();
    expect(numbersOf({ PixelSpacing: ['0.5', 'x'] }, 'PixelSpacing', 2)).toBeNull();
  });

  it('are text only when they can be', () => {
    expect(textOf({ StudyID: ' 8811 ' }, 'StudyID')).toBe('8811');
    expect(textOf({ PatientWeight: 61.235 }, 'PatientWeight')).toBe('61.235');
    expect(textOf({ StudyID: { BulkDataURI: 'x' } }, 'StudyID')).toBe('');
  });
});
