import { selectSeries } from './selectSeries';
import type { SeriesFacts } from './seriesFacts';

const TASK = { modality: 'CT', axis: 'axial', spacingMm: [0.8, 0.8] as [number, number] } as const;
const LIMITS = { minSlices: 5, maxSlices: 100, filters: [] };

interface Change {
  uid?: string;
  modality?: string;
  number?: number;
  count?: number;
  gap?: number;
  pixel?: number;
  orientation?: number[];
  imageType?: string[];
}

function series({
  uid = '1.1',
  modality = 'CT',
  number = 1,
  count = 20,
  gap = 3,
  pixel = 0.8,
  orientation = [1, 0, 0, 0, 1, 0],
  imageType = ['ORIGINAL', 'PRIMARY', 'AXIAL'],
}: Change = {}): SeriesFacts {
  const isAxial = orientation[4] === 1;
  const slices = Array.from({ length: count }, (_, i) => ({
    ...{ rows: 512, columns: 512, orientation, imageType },
    pixelSpacing: [pixel, pixel],
    position: isAxial ? [0, 0, i * gap] : [0, i * gap, 0],
  }));
  return { uid, modality, number, slices, instances: [], dataset: {} };
}

const CORONAL = [1, 0, 0, 0, 0, -1];

it.each<[Change, RegExp]>([
  [{ modality: 'MR' }, /MR, not CT/],
  [{ modality: 'SEG' }, /no series of images/],
  [{ count: 3 }, /CT of 3 images, fewer than 5/],
  [{ count: 120 }, /CT of 120 images, more than 100/],
  [{ imageType: ['ORIGINAL', 'PRIMARY', 'LOCALIZER'] }, /CT localizer/],
  [{ orientation: CORONAL, gap: 5 }, /coronal slices 5 mm apart; the task needs axial ones/],
  [{ pixel: 3.5 }, /pixels of 3.5 mm; the task learned from 0.8 mm/],
  [{ pixel: 0 }, /without Pixel Spacing/],
  [{ gap: 0 }, /CT: /],
])('passes over %j and says why', (change, reason) => {
  const selected = selectSeries([series(change)], TASK, LIMITS);
  expect(selected).toMatchObject({ series: null, reason: expect.stringMatching(reason) });
});

const taken = (...all: Change[]) => {
  const { series: chosen } = selectSeries(all.map(series), TASK, LIMITS);
  return chosen?.uid;
};

it('prefers the acquired plane, then the nearest pixel size, then more slices, then the first', () => {
  expect(taken({ uid: 'cor', orientation: CORONAL, gap: 0.8, count: 90 }, { uid: 'ax' })).toBe(
    'ax',
  );
  expect(taken({ uid: 'coarse', pixel: 2 }, { uid: 'fine', pixel: 0.78 })).toBe('fine');
  expect(taken({ uid: 'thick', count: 20 }, { uid: 'thin', count: 60, gap: 1 })).toBe('thin');
  expect(taken({ uid: 'b', number: 4 }, { uid: 'a', number: 3 })).toBe('a');
});

it('cuts fine slices of another plane', () => {
  expect(taken({ uid: 'fine', orientation: CORONAL, gap: 1 })).toBe('fine');
});

it('says that there was a choice, and that the modality is not known', () => {
  const both = [series({ uid: 'a', number: 3 }), series({ uid: 'b', number: 4 })];
  expect(selectSeries(both, { ...TASK, modality: undefined }, LIMITS)).toMatchObject({
    notes: [
      '2 series of the study suit the task; number 3 was taken.',
      'The task does not know its modality; this is CT. See --modality.',
    ],
  });
});
