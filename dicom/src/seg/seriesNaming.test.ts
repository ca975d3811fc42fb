import { nextSeriesNumber, seriesDescription } from './seriesNaming';

const manual = (label: string) => ({ label, algorithmType: 'MANUAL' }) as const;
const predicted = (label: string) => ({ label, algorithmType: 'SEMIAUTOMATIC' }) as const;

it('names the structures, and whether an algorithm had a part', () => {
  expect(seriesDescription([predicted('Liver'), manual('Spleen')])).toBe(
    'Few-shot SAM: Liver, Spleen',
  );
  expect(seriesDescription([manual('Liver')])).toBe('Manual segmentation: Liver');
  const byOthers = { ...predicted('Liver'), algorithm: { name: 'Other' } };
  expect(seriesDescription([byOthers, manual('Spleen')])).toBe('Segmentation: Liver, Spleen');
});

it('counts them when their names are too long for a Series Description', () => {
  const many = Array.from({ length: 12 }, (_, i) => predicted(`Vertebra ${i}`));
  expect(seriesDescription(many)).toBe('Few-shot SAM: 12 structures');
});

it('numbers the series after the others of the study', () => {
  expect(nextSeriesNumber([{ SeriesNumber: 3 }, { SeriesNumber: '12' }, {}])).toBe(13);
  expect(nextSeriesNumber([])).toBe(1);
  expect(nextSeriesNumber([{ SeriesNumber: null }, { SeriesNumber: undefined }])).toBe(1);
});
