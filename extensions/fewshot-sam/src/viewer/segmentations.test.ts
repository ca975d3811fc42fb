import type { Types } from '@cornerstonejs/tools';
import { shownSegmentations } from './segmentations';

const service = (...shown: [segmentationId: string, label: string, type: string][]) => ({
  getActiveSegmentation: () => ({ segmentationId: 'b' }) as Types.Segmentation,
  getSegmentationRepresentations: () =>
    shown.map(([segmentationId, label, type]) => ({ segmentationId, label, type })),
});

it('lists each labelmap once, and which is drawn into', () => {
  const shown = shownSegmentations(
    service(
      ['a', 'Liver', 'Labelmap'],
      ['a', 'Liver', 'Surface'],
      ['b', 'Lesion', 'Labelmap'],
      ['c', 'Dose', 'Contour'],
    ),
    'viewport',
  );
  expect(shown).toEqual([
    { segmentationId: 'a', label: 'Liver', active: false },
    { segmentationId: 'b', label: 'Lesion', active: true },
  ]);
});

it('lists none where the viewer cannot say', () => {
  expect(shownSegmentations({ getActiveSegmentation: () => undefined }, 'viewport')).toEqual([]);
});
