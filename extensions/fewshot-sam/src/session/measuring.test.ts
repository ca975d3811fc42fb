import type { Types } from '@cornerstonejs/tools';
import { FewshotError, type Slice } from 'fewshot-sam';
import type { SegmentLabelmap, ViewerSegment } from '../viewer/labelmap';
import { digestLabels, type MaskDigest } from '../viewer/maskDigest';
import type { Instance } from '../host/ohif';
import type { Series } from '../viewer/series';
import type { Collected } from './collect';
import { Measuring } from './measuring';

const [ROWS, COLUMNS] = [4, 6];
const instances = [0, 1, 2].map(
  slice =>
    ({
      ...{ SOPInstanceUID: `1.2.${slice}`, SOPClassUID: '1.2', Modality: 'CT' },
      ImagePositionPatient: [0, 0, 2 * slice],
      ...{ ImageOrientationPatient: [1, 0, 0, 0, 1, 0], PixelSpacing: [3, 0.5] },
    }) as Instance,
);
const series = {
  ...{ displaySetInstanceUID: 'ct', imageIds: ['a', 'b', 'c'], instances },
  ...{ rows: ROWS, columns: COLUMNS, rowSpacing: 3, columnSpacing: 0.5, sliceSpacing: 2 },
} as unknown as Series;
const collected = {
  series,
  segmentation: { segmentationId: 'one' } as Types.Segmentation,
} as Collected;
const noSignal = new AbortController().signal;

/** A viewer with label values on three slices. */
function viewerOf(labels: Uint8Array[]) {
  const loaded: number[] = [];
  const viewer = {
    segments: () =>
      [1, 2].map(
        segmentIndex => ({ segmentIndex, label: `S${segmentIndex}` }) as unknown as ViewerSegment,
      ),
    labelmap: (_segmentation: Types.Segmentation, segmentIndex: number) =>
      ({ segmentIndex }) as SegmentLabelmap,
    scan: async (labelmaps: SegmentLabelmap[]) =>
      new Map(
        labelmaps.map(({ segmentIndex }) => [
          segmentIndex,
          new Map(
            labels.flatMap((values, slice): [number, MaskDigest][] => {
              const digest = digestLabels(values).get(segmentIndex);
              return digest ? [[slice, digest]] : [];
            }),
          ),
        ]),
      ),
    loadSlice: async (_series: Series, slice: number) => {
      loaded.push(slice);
      return { pixels: new Int16Array(ROWS * COLUMNS).fill(10 * slice) } as unknown as Slice;
    },
    readMask: ({ segmentIndex }: SegmentLabelmap, slice: number) =>
      Uint8Array.from(labels[slice], value => Number(value === segmentIndex)),
  };
  return { measuring: new Measuring(viewer), loaded };
}
const empty = () => new Uint8Array(ROWS * COLUMNS);
const row = (value: number, count: number) => empty().fill(value, 0, count);

it('measures on the acquired slices, in the unit of the images', async () => {
  const fractions: number[] = [];
  const { measuring } = viewerOf([empty(), row(1, 4), row(1, 2)]);
  const { structures, ...rest } = await measuring.measure(
    collected,
    fraction => fractions.push(fraction),
    noSignal,
  );
  expect(rest).toEqual({ unit: 'HU', plane: 'axial' });
  expect(fractions).toEqual([0.5, 1]);
  const [{ label, measurements }, ...others] = structures;
  expect(others).toEqual([]);
  expect(label).toBe('S1');
  expect(measurements).toMatchObject({ voxels: 6, slices: 2 });
  expect(measurements.volume).toBeCloseTo((6 * 3 * 0.5 * 2) / 1000, 12);
  expect(measurements.mean).toBeCloseTo((4 * 10 + 2 * 20) / 6, 12);
  expect(measurements.diameters.longest.mm).toBeCloseTo(Math.hypot(3 * 0.5, 3), 12);
});

it('measures only the slices that changed', async () => {
  const labels = [row(1, 1), row(1, 4), row(2, 2)];
  const { measuring, loaded } = viewerOf(labels);
  await measuring.measure(collected, () => undefined, noSignal);
  labels[0] = row(2, 3);
  loaded.length = 0;
  const { structures } = await measuring.measure(collected, () => undefined, noSignal);
  expect(loaded).toEqual([0]);
  expect(structures.map(({ measurements }) => measurements.voxels)).toEqual([4, 5]);
});

it('stops when it is told to', async () => {
  const { measuring } = viewerOf([row(1, 1), row(1, 4), row(2, 2)]);
  const controller = new AbortController();
  const measures = measuring.measure(collected, () => controller.abort(), controller.signal);
  await expect(measures).rejects.toThrow(FewshotError);
});
