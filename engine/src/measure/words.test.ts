import type { Measurements } from './structure';
import { measurementCsv, measurementText, measurementWords } from './words';

const caliper = (mm: number) => ({
  mm,
  ends: [[0, 0] as [number, number], [1, 1] as [number, number]] as const,
});
const liver = {
  ...{ volume: 1482.34, voxels: 51234, slices: 14, mean: 54.23, deviation: 18.31 },
  diameters: { longest: caliper(212.44), perpendicular: caliper(143), sliceIndex: 11 },
} as unknown as Measurements;
const small = { ...liver, volume: 0.0123, slices: 1, mean: -0.001, deviation: 0.25 };
const viewer = { unit: 'HU', firstSlice: 1 } as const;

test('figures with their units', () => {
  expect(measurementWords(liver, viewer)).toEqual({
    ...{ volume: '1482.3 mL', longest: '212.4 mm', perpendicular: '143.0 mm' },
    ...{ values: '54.2 ± 18.3 HU', slices: '14', slice: 12 },
  });
  expect(measurementWords(small, { unit: '', firstSlice: 0 })).toMatchObject({
    ...{ volume: '0.012 mL', values: '0.00 ± 0.25', slice: 11 },
  });
});

test('a line for each structure', () => {
  const text = measurementText(
    [
      { label: 'Liver', measurements: liver },
      { label: 'Cyst', measurements: small },
    ],
    viewer,
  );
  expect(text).toBe(
    'Liver: 1482.3 mL, 212.4 x 143.0 mm (slice 12), mean 54.2 ± 18.3 HU, 14 slices\n' +
      'Cyst: 0.012 mL, 212.4 x 143.0 mm (slice 12), mean 0.00 ± 0.25 HU, 1 slice\n',
  );
});

test('CSV that no spreadsheet takes for a formula', () => {
  const csv = measurementCsv(
    [
      { label: 'Left "upper", lobe', measurements: liver },
      { label: '=1+1', measurements: { ...small, mean: -12 } },
    ],
    viewer,
  );
  const [head, first, second, ...rest] = csv.split('\r\n');
  expect(head).toMatch(/^Structure,Volume \(mL\),Longest diameter \(mm\),Perpendicular/);
  expect(first).toBe('"Left ""upper"", lobe",1482.3400,212.44,143.00,12,54.23,18.31,HU,14,51234');
  expect(second).toBe("'=1+1,0.0123,212.44,143.00,12,-12.00,0.25,HU,1,51234");
  expect(rest).toEqual(['']);
});
