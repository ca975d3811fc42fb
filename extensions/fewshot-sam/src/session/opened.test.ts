import { FewshotError } from 'fewshot-sam';
import { createStructureSet } from 'fewshot-sam-dicom/rtstruct';
import { createSegmentation } from 'fewshot-sam-dicom/seg';
import { image, mask, readBack, segment } from '../../../../dicom/src/seg/testSeries';
import { dicomSegLoader } from '../dicom/loadDicomSeg';
import type { Instance } from '../host/ohif';
import type { SegmentLabelmap } from '../viewer/labelmap';
import { digestsOf } from './provenance';
import type { Collected } from './collect';
import { givenSlices, isStill, OpenedSegmentations } from './opened';
import { SegmentationRecords } from './segmentationRecords';

const loadDicomSeg = dicomSegLoader('https://viewer.test/');
const images = [0, 2, 4].map(z => image(z));
const liver = segment(
  'Liver',
  { 1: mask('##...', '.....', '.....') },
  { tracking: { id: 'Liver', uid: '2.25.5' } },
);
const spleen = segment('', { 2: mask('.....', '..##.', '.....') }, { algorithmType: 'MANUAL' });
const stored = readBack(createSegmentation(images, [liver, spleen])) as Instance;

/** What the viewer holds of segments: segment index -> masks. */
function collectedOf(masks: Record<number, typeof liver.masks>, change: Partial<Collected> = {}) {
  return {
    series: {},
    segmentation: { segmentationId: 'opened' },
    segments: Object.entries(masks).map(([segmentIndex, held]) => ({
      segmentIndex: Number(segmentIndex),
      slices: digestsOf(held),
    })),
    obstacle: null,
    ...change,
  } as unknown as Collected;
}
const shown = collectedOf({ 1: liver.masks, 2: spleen.masks });

/** @param instance what the viewer loaded the segmentation from */
const openedIn = (instance: Instance | null, slices = new Map(), load = loadDicomSeg) =>
  new OpenedSegmentations(
    {
      openedInstance: () => instance,
      labelmap: () => ({}) as SegmentLabelmap,
      scan: async () => slices,
    },
    load,
    new SegmentationRecords(),
  );

it('knows what was opened, and what it held', async () => {
  const opened = openedIn(stored);
  await expect(opened.note(shown)).resolves.toBe(true);
  expect(opened.reference('opened')).toEqual({
    StudyInstanceUID: '1.2.300',
    SeriesInstanceUID: stored.SeriesInstanceUID,
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.66.4',
    SOPInstanceUID: stored.SOPInstanceUID,
  });
  expect(opened.segment('opened', 1)).toMatchObject({
    description: {
      label: 'Liver',
      algorithmType: 'SEMIAUTOMATIC',
      algorithm: { name: 'Few-shot SAM' },
      tracking: { id: 'Liver', uid: '2.25.5' },
    },
    slices: digestsOf(liver.masks),
  });
  expect(opened.segment('opened', 2)?.description.algorithmType).toBe('MANUAL');
  expect(opened.segment('opened', 3)).toBeUndefined();
});

it('knows an RTSTRUCT by its ROIs', async () => {
  const structures = createStructureSet(images, [liver, spleen]);
  const opened = openedIn(readBack(structures) as Instance);
  await expect(opened.note(shown)).resolves.toBe(true);
  expect(opened.reference('opened')).toMatchObject({
    SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3',
    SOPInstanceUID: structures.SOPInstanceUID,
  });
  expect(opened.segment('opened', 1)).toMatchObject({
    description: { label: 'Liver', algorithmType: 'SEMIAUTOMATIC' },
    slices: digestsOf(liver.masks),
  });
});

it('remembers how it was, not how it is', async () => {
  const opened = openedIn(stored);
  await opened.note(collectedOf({}, { obstacle: { message: 'Another series.', remedy: '' } }));
  await opened.note(shown);
  await expect(opened.note(collectedOf({ 1: spleen.masks }))).resolves.toBe(false);
  expect(opened.segment('opened', 1)?.slices).toEqual(digestsOf(liver.masks));
});

it('looks at the slices that were acquired, whatever plane is shown', async () => {
  const acquired = new Map([[1, digestsOf(liver.masks)]]);
  const opened = openedIn(stored, acquired);
  const series = { reslice: { source: {} } } as Collected['series'];
  await opened.note(collectedOf({ 1: spleen.masks }, { series }));
  expect(opened.segment('opened', 1)?.slices).toEqual(digestsOf(liver.masks));
});

it.each([
  ['none of the archive', null],
  ['one that says nothing of its segments', { ...stored, SegmentSequence: undefined }],
])('does without %s', async (_, instance) => {
  const opened = openedIn(instance);
  await expect(opened.note(shown)).resolves.toBe(false);
  expect(opened.reference('opened')).toBeUndefined();
  expect(opened.segment('opened', 1)).toBeUndefined();
});

it('says whether what was opened was changed', async () => {
  const opened = openedIn(stored);
  const label = (index: number) => ['', 'Liver', 'Segment 2', 'Segment 3'][index];
  const now = (masks: Parameters<typeof collectedOf>[0], change?: Partial<Collected>) => {
    const collected = collectedOf(masks, change);
    collected.segments.forEach(segment => (segment.label = label(segment.segmentIndex)));
    return collected;
  };
  const both = { 1: liver.masks, 2: spleen.masks };
  expect(opened.isChanged(now(both))).toBe(false);
  await opened.note(now(both));
  expect(opened.isChanged(now(both))).toBe(false);
  expect(opened.isChanged(now({ ...both, 3: new Map() }))).toBe(false);
  expect(opened.isChanged(now({ ...both, 3: spleen.masks }))).toBe(true);
  expect(opened.isChanged(now({ 1: liver.masks }))).toBe(true);
  expect(opened.isChanged(now({ ...both, 1: spleen.masks }))).toBe(true);
  // Of another plane nothing can be said.
  const series = { reslice: { source: {} } } as Collected['series'];
  expect(opened.isChanged(now(both, { series }))).toBe(true);
  expect(opened.isChanged(now(both))).toBe(false);
});

it('compares with what the archive holds where the viewer had read it wrong', async () => {
  const opened = openedIn(stored);
  const misread = collectedOf({ 1: spleen.masks, 2: spleen.masks });
  misread.segments.forEach((segment, i) => (segment.label = ['Liver', 'Segment 2'][i]));
  await opened.note(misread);
  opened.correct('opened', new Map([[1, digestsOf(liver.masks)]]));
  expect(opened.isChanged(misread)).toBe(true);
  expect(opened.segment('opened', 1)?.slices).toEqual(digestsOf(liver.masks));
  expect(opened.segment('opened', 2)?.slices).toEqual(digestsOf(spleen.masks));
});

it('knows a segment by its name, or by a slice that is as it was', async () => {
  const opened = openedIn(stored);
  await opened.note(shown);
  const nothing = new Map();
  const [first, second] = [1, 2].map(index => opened.segment('opened', index)!);
  expect(isStill(first, 'Liver', nothing)).toBe(true);
  expect(isStill(second, 'Segment 2', nothing)).toBe(true);
  expect(isStill(first, 'Liver, corrected', first.slices)).toBe(true);
  expect(isStill(first, 'Segment 1', second.slices)).toBe(false);
});

it('remembers how it was also when what reads it cannot be loaded until later', async () => {
  let isThere = false;
  const opened = openedIn(stored, new Map(), async () => {
    if (!isThere) throw new FewshotError('backend-unusable', 'Not there.', 'Try again.');
    return loadDicomSeg();
  });
  await expect(opened.note(shown)).rejects.toThrow('Not there.');
  expect(opened.segment('opened', 1)).toBeUndefined();
  isThere = true;
  await opened.note(collectedOf({ 1: spleen.masks }));
  expect(opened.segment('opened', 1)?.slices).toEqual(digestsOf(liver.masks));
  expect(opened.segment('opened', 2)?.description.algorithmType).toBe('MANUAL');
});

describe('givenSlices', () => {
  const digest = (hash: number) => ({ count: 1, hash });
  const opened = new Map([
    [1, digest(11)],
    [2, digest(22)],
  ]);
  const now = new Map([...opened, [2, digest(99)], [5, digest(5)]]);

  it('are those that nobody changed since', () => {
    expect(givenSlices(now, opened, 'acquired')).toEqual([1]);
  });

  it('are all slices of another plane until something changes', () => {
    expect(givenSlices(now, opened, 'other, unchanged')).toEqual([1, 2, 5]);
    expect(givenSlices(now, opened, 'other, changed')).toEqual([]);
  });

  it('are none for a segment drawn here', () => {
    expect(givenSlices(now, undefined, 'acquired')).toEqual([]);
  });
});
