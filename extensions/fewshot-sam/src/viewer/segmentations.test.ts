import type { Types } from '@cornerstonejs/tools';
import { shownSegmentations } from './segmentations';

const service = (...shown: [segmentationId: string, label: string, type: string][]) => ({
  getActiveSegmentation: () => ({ segmentationId: 'b' }) as Types.Segmentation,
  getSegmentationRepresentations: () =>
    shown.map(([segmentationId, label, type]) => ({ segmentationId, label, type })),
});

it('lists each labelmap and contour segmentation once, and which is drawn into', () => {
  const shown = shownSegmentations(
    service(
      ['a', 'Liver', 'Labelmap'],
      ['a', 'Liver', 'Surface'],
      ['b', 'Lesion', 'Labelmap'],
      ['c', 'Liver', 'Contour'],
      ['d', 'Bone', 'Surface'],
    ),
    'viewport',
  );
  expect(shown).toEqual([
    { segmentationId: 'a', label: 'Liver', active: false },
    { segmentationId: 'b', label: 'Lesion', active: true },
    { segmentationId: 'c', label: 'Liver', active: false, isContours: true },
  ]);
});

it('lists none where the viewer cannot say', () => {
  expect(shownSegmentations({ getActiveSegmentation: () => undefined }, 'viewport')).toEqual([]);
});
