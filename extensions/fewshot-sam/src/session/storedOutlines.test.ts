import dcmjs from 'dcmjs';
import { createSegmentation, encodePart10 } from 'fewshot-sam-dicom/seg';
import { drawn, image, mask, readBack, segment } from '../../../../dicom/src/seg/testSeries';
import { dicomSegLoader } from '../dicom/loadDicomSeg';
import type { Cornerstone, Instance } from '../host/ohif';
import type { SegmentLabelmap, SliceVoxels } from '../viewer/labelmap';
import { digestLabels, type MaskDigest } from '../viewer/maskDigest';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import { writeMasks } from '../viewer/writeMasks';
import type { Collected } from './collect';
import { SegmentationRecords } from './segmentationRecords';
import { correctionObstacle, mayBeMisread, StoredOutlines } from './storedOutlines';

const loadDicomSeg = dicomSegLoader('https://viewer.test/');
const images = [0, 2, 4].map(z => image(z));
/** 5 x 3 pixels: the second frame begins at bit 7 of a byte, the third at bit 6. */
const SIZE = 15;
const liver = segment('Liver', {
  0: mask('##...', '##...', '.....'),
  1: mask('.###.', '.###.', '.....'),
});
const spleen = segment('Spleen', { 2: mask('.....', '.....', '...##') });
const seg = createSegmentation(images, [liver, spleen], { segmentationType: 'BINARY' });
const file = new Uint8Array(encodePart10(seg));
const stored = {
  1: { 0: ['##...', '##...', '.....'], 1: ['.###.', '.###.', '.....'] },
  2: { 2: ['.....', '.....', '...##'] },
};

interface AsyncReader {
  stream: { addBuffer(bytes: ArrayBuffer): void; setComplete(): void };
  readFile(): Promise<{ dict: Record<string, { Value: ArrayBuffer[][] }> }>;
}
const { AsyncDicomReader } = (
  dcmjs as unknown as { async: { AsyncDicomReader: new () => AsyncReader } }
).async;

/** Frames as OHIF 3.13 shows them: taken apart by dcmjs, then each unpacked from the lowest bit. */
async function framesByDcmjs(): Promise<Uint8Array[]> {
  const reader = new AsyncDicomReader();
  reader.stream.addBuffer(file.slice().buffer);
  reader.stream.setComplete();
  const { dict } = await reader.readFile();
  return dict['7FE00010'].Value.map(([frame]) => {
    const bytes = new Uint8Array(frame);
    return Uint8Array.from({ length: SIZE }, (_, i) => (bytes[i >> 3] >> (i % 8)) & 1);
  });
}

/** A viewer that holds one labelmap. @param labels per slice */
function viewerOf(labels: Uint8Array[]) {
  const history: { restoreMemo(isUndo: boolean): void }[] = [];
  const cornerstone = {
    core: {
      utilities: {
        HistoryMemo: {
          DefaultHistoryMemo: { push: (memo: (typeof history)[0]) => history.push(memo) },
        },
        uuidv4: () => '',
      },
    },
    tools: {
      segmentation: {
        triggerSegmentationEvents: { triggerSegmentationDataModified: () => undefined },
      },
    },
  } as unknown as Cornerstone;
  const labelmap = (segmentIndex: number): SegmentLabelmap => ({
    segmentationId: 'opened',
    segmentIndex,
    labelValue: segmentIndex,
    columns: 5,
    voxels: labels.map((own): SliceVoxels => ({
      getScalarData: () => own,
      getAtIndex: i => own[i],
      setAtIndex: (i, value) => (own[i] = value),
    })),
  });
  const slicesOf = (segmentIndex: number) =>
    new Map(
      labels.flatMap((own, slice): [number, MaskDigest][] => {
        const digest = digestLabels(own).get(segmentIndex);
        return digest ? [[slice, digest]] : [];
      }),
    );
  const viewer = {
    labelmap: (_: unknown, segmentIndex: number) => labelmap(segmentIndex),
    scan: async (all: SegmentLabelmap[]) =>
      new Map(all.map(({ segmentIndex }) => [segmentIndex, slicesOf(segmentIndex)])),
  } as Pick<Viewer, 'labelmap' | 'scan'>;
  const shown = () => new Map([1, 2].map(index => [index, slicesOf(index)]));
  const collected = (change: Partial<Collected> = {}) =>
    ({
      series,
      segmentation: { segmentationId: 'opened', segments: { 1: {}, 2: {} } },
      segments: ['Liver', 'Spleen'].map((label, i) => ({
        ...{ segmentIndex: i + 1, label, locked: false, slices: slicesOf(i + 1) },
      })),
      obstacle: null,
      ...change,
    }) as unknown as Collected;
  const pictures = () =>
    Object.fromEntries(
      [1, 2].map(index => [
        index,
        drawn(
          new Map(
            labels.flatMap((own, slice) =>
              own.includes(index) ? [[slice, own.map(value => Number(value === index))]] : [],
            ),
          ),
        ),
      ]),
    );
  const write = (writes: Parameters<typeof writeMasks>[1]) =>
    writeMasks(cornerstone, writes, () => undefined);
  return { viewer, shown, collected, pictures, write, history };
}

const series = { instances: images, rows: 3, columns: 5 } as unknown as Series;

/** Each segment's frames in a labelmap. */
function labelsOf([first, second, third]: Uint8Array[]) {
  return [first, second, third.map(value => 2 * value)];
}
const rightFrames = () => [liver.masks.get(0)!, liver.masks.get(1)!, spleen.masks.get(2)!];

async function opened(frames: Uint8Array[], load = async () => file) {
  const labels = labelsOf(frames.map(frame => frame.slice()));
  const shows = viewerOf(labels);
  const outlines = new StoredOutlines(shows.viewer, load, loadDicomSeg, new SegmentationRecords());
  await outlines.compare('opened', series, shows.shown());
  return { ...shows, outlines, labels };
}

it('suspects what dcmjs reads wrong: frames of single bits, several, of no whole bytes', () => {
  const instance = readBack(seg) as Instance;
  expect(mayBeMisread(instance)).toBe(true);
  expect(mayBeMisread({ ...instance, Columns: 8 })).toBe(false);
  expect(mayBeMisread({ ...instance, NumberOfFrames: '1' })).toBe(false);
  expect(mayBeMisread({ ...instance, BitsAllocated: 8 })).toBe(false);
  expect(mayBeMisread({ ...instance, BitsAllocated: undefined })).toBe(true);
});

it('says nothing of what is shown as the file has it', async () => {
  const { outlines, collected } = await opened(rightFrames());
  expect(outlines.misread(collected())).toBeNull();
  await expect(outlines.corrections(collected())).resolves.toEqual([]);
});

it('finds what dcmjs scrambles, and on which slices', async () => {
  const { outlines, collected, pictures } = await opened(await framesByDcmjs());
  // The first frame begins at a byte.
  expect(pictures()[1][0]).toEqual(stored[1][0]);
  expect(pictures()[1][1]).not.toEqual(stored[1][1]);
  expect(outlines.misread(collected())).toEqual({
    state: 'wrong',
    segments: [
      { segmentIndex: 1, label: 'Liver', locked: false, slices: [1] },
      { segmentIndex: 2, label: 'Spleen', locked: false, slices: [2] },
    ],
  });
  // Of another plane nothing can be said: what was seen last holds.
  const reslice = collected({ series: { reslice: { source: series } } as unknown as Series });
  expect(outlines.misread(reslice)?.segments).toHaveLength(2);
});

it('puts the outlines of the file in their place, in one step that can be undone', async () => {
  const { outlines, collected, pictures, write, history } = await opened(await framesByDcmjs());
  const scrambled = pictures();
  const writes = await outlines.corrections(collected());
  const written = await write(writes);
  expect(pictures()).toEqual(stored);
  expect(correctionObstacle(outlines.right('opened'), writes, written)).toBeNull();
  expect(outlines.misread(collected())).toBeNull();
  expect(history).toHaveLength(1);
  history[0].restoreMemo(true);
  expect(pictures()).toEqual(scrambled);
  expect(outlines.misread(collected())?.state).toBe('wrong');
});

it('puts segments right that keep each other out where they share a labelmap', async () => {
  const [first, second, third] = rightFrames();
  const { outlines, collected, pictures, write, labels } = await opened([first, second, third]);
  // As if both had been shown in each other's place.
  labels[1].fill(2);
  labels[2].fill(1);
  const shown = new Map([1, 2].map(index => [index, collected().segments[index - 1].slices]));
  await outlines.compare('opened', series, shown);
  await write(await outlines.corrections(collected()));
  expect(pictures()).toEqual(stored);
});

it('leaves slices alone that were changed since, also emptied ones', async () => {
  const { outlines, collected, pictures, write, labels } = await opened(await framesByDcmjs());
  labels[1].fill(0);
  labels[2].fill(0).set([2]);
  expect(outlines.misread(collected())).toBeNull();
  await write(await outlines.corrections(collected()));
  expect(pictures()).toEqual({ 1: { 0: stored[1][0] }, 2: { 2: ['#....', '.....', '.....'] } });
});

it('says where another structure keeps an outline from being right', async () => {
  const { outlines, collected, write, labels } = await opened(await framesByDcmjs());
  // The user drew a third one where the spleen belongs, and where nothing was shown.
  expect(labels[2][13]).toBe(0);
  labels[2][13] = 9;
  const writes = await outlines.corrections(collected());
  const written = await write(writes);
  expect(correctionObstacle(outlines.right('opened'), writes, written)?.message).toContain(
    'differ from the file on slice 3:',
  );
  expect(labels[2][13]).toBe(9);
});

it.each([
  ['cannot be fetched', () => Promise.reject(new Error('404'))],
  ['is no segmentation', async () => new Uint8Array(200)],
])('says that outlines may be wrong when the file %s', async (_, load) => {
  const { outlines, collected } = await opened(await framesByDcmjs(), load);
  expect(outlines.misread(collected())).toEqual({ state: 'failed', segments: [] });
  await expect(outlines.corrections(collected())).resolves.toEqual([]);
});

it('says that it compares while it does, and nothing of segmentations that were drawn here', async () => {
  const { viewer, collected, shown } = viewerOf(labelsOf(rightFrames()));
  const outlines = new StoredOutlines(
    viewer,
    async () => file,
    loadDicomSeg,
    new SegmentationRecords(),
  );
  expect(outlines.misread(collected())).toBeNull();
  const comparing = outlines.compare('opened', series, shown());
  expect(outlines.misread(collected())).toEqual({ state: 'comparing', segments: [] });
  await comparing;
  expect(outlines.misread(collected())).toBeNull();
});
