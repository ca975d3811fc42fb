import type { Types } from '@cornerstonejs/tools';
import { digestLabels, type MaskDigest } from '../viewer/maskDigest';
import type { SegmentLabelmap } from '../viewer/labelmap';
import type { Series } from '../viewer/series';
import type { MaskWrite } from '../viewer/writeMasks';
import type { CollectedSegment } from './collect';
import { ContourCopies } from './contourCopies';
import { SegmentationRecords } from './segmentationRecords';

const series = { displaySetInstanceUID: 'set' } as Series;
const mask = (...voxels: number[]) =>
  Uint8Array.from({ length: 8 }, (_, i) => Number(voxels.includes(i)));
const digest = (values: Uint8Array) => digestLabels(values).get(1)!;

/** A segment outlined by contours on slices. */
function contours(segmentIndex: number, label: string, masks: Record<number, Uint8Array>) {
  const slices = new Map(Object.entries(masks).map(([slice, m]) => [Number(slice), digest(m)]));
  const outlined = [...slices.keys()];
  return {
    ...{ segmentIndex, label, color: [1, 2, 3], locked: false, active: true },
    ...{ outlined, inSet: outlined.slice(1), targets: [], absent: [7], obstacle: null, slices },
    labelmap: {
      ...{ segmentationId: 'contours', segmentIndex, labelValue: 1, columns: 4 },
      contours: { digests: slices, note: null },
      masks,
    },
  } as unknown as CollectedSegment;
}

/** A viewer with one labelmap, in which the first structure keeps its voxels. */
function viewerWith() {
  const records = new SegmentationRecords();
  /** Slice -> label values. */
  const labels = new Map<number, Uint8Array>();
  const made: string[] = [];
  let count = 0;
  const viewer = {
    labelmapFor: jest.fn(
      async ({
        segmentationId,
        name,
        segments,
      }: { [key: string]: unknown } & {
        segments: { segmentIndex?: number }[];
      }) => {
        const isNew = !segmentationId || !made.includes(segmentationId as string);
        if (isNew) made.push(`${String(name)} ${made.length + 1}`);
        if (isNew) count = 0;
        const segmentIndices = segments.map(({ segmentIndex }) => segmentIndex ?? ++count);
        const segmentation = { segmentationId: made.at(-1)! } as Types.Segmentation;
        return { segmentation, segmentIndices, isNew };
      },
    ),
    labelmap: ({ segmentationId }: Types.Segmentation, segmentIndex: number) =>
      ({ segmentationId, segmentIndex, labelValue: segmentIndex }) as SegmentLabelmap,
    scan: async (labelmaps: SegmentLabelmap[]) =>
      new Map(
        labelmaps.map(({ segmentIndex }) => [
          segmentIndex,
          new Map(
            [...labels].flatMap(([slice, values]) => {
              const held = digestLabels(values).get(segmentIndex);
              return held ? [[slice, held] as const] : [];
            }),
          ),
        ]),
      ),
    readMask: (labelmap: SegmentLabelmap, slice: number) =>
      (labelmap as unknown as { masks: Record<number, Uint8Array> }).masks[slice] ?? mask(),
    write: async (writes: MaskWrite[]) =>
      writes.map(({ labelmap: { labelValue }, masks }) => {
        const written = new Map<number, MaskDigest>();
        for (const [slice, wanted] of masks) {
          const values = labels.get(slice) ?? new Uint8Array(8);
          wanted.forEach((isInside, i) => {
            if (isInside && values[i] === 0) values[i] = labelValue;
            else if (!isInside && values[i] === labelValue) values[i] = 0;
          });
          labels.set(slice, values);
          const held = digestLabels(values).get(labelValue);
          if (held) written.set(slice, held);
        }
        return written;
      }),
    removeSegmentation: jest.fn((segmentationId: string) => {
      made.splice(made.indexOf(segmentationId), 1);
    }),
  };
  const predicted = new Map<number, MaskDigest>();
  const collecting = {
    collected: { series, segmentation: { segmentationId: 'contours', label: 'Organs' } } as never,
    refresh: async () => undefined,
    changed: () => undefined,
    predictedSlices: () => predicted,
    forgetPredicted: jest.fn(() => () => undefined),
    setExcluded: jest.fn(),
    setAbsent: jest.fn(),
  };
  const copies = new ContourCopies(viewer as never, records, collecting);
  return { copies, records, viewer, labels, made, predicted, collecting };
}

const result = (segmentIndex: number) => ({ segmentIndex, result: { slices: [] } }) as never;

describe('results of contours', () => {
  it('go to a labelmap of the same name, which starts with the filled contours', async () => {
    const { copies, records, labels, made, collecting } = viewerWith();
    // Its codes are none of our list, although the name is.
    const id = { segmentationId: 'contours', segmentIndex: 40 };
    records.segment(id).terms.set('Liver', null);
    const liver = contours(40, 'Liver', { 2: mask(1, 2), 5: mask(2, 3) });
    const open = await copies.reviewable(series, [liver], [result(40)]);
    expect(made).toEqual(['Organs 1']);
    expect([...labels]).toEqual([
      [2, mask(1, 2)],
      [5, mask(2, 3)],
    ]);
    expect(open.segments.map(({ segmentIndex, label }) => [segmentIndex, label])).toEqual([
      [1, 'Liver'],
    ]);
    expect(open.results).toMatchObject([{ segmentIndex: 1 }]);
    expect(open.note).toBeUndefined();
    const copied = records.segment({ segmentationId: 'Organs 1', segmentIndex: 1 });
    expect([...copied.terms]).toEqual([['Liver', null]]);
    expect(copied.copyOf).toEqual(id);
    // What the user said about slices holds there, too.
    expect(collecting.setExcluded.mock.calls[0][1]).toEqual([2]);
    expect(collecting.setAbsent.mock.calls[0][1]).toEqual([7]);
  });

  it('stay where they are if nothing was drawn as contours', async () => {
    const { copies, made } = viewerWith();
    const liver = contours(1, 'Liver', {});
    const painted = { ...liver, labelmap: { ...liver.labelmap, contours: undefined } };
    const results = [result(1)];
    const open = await copies.reviewable(series, [painted], results);
    expect(open).toEqual({ segments: [painted], results });
    expect(made).toEqual([]);
  });

  it('leave voxels that structures share to the first one, and say so', async () => {
    const { copies, labels } = viewerWith();
    const [liver, lesion] = [
      contours(1, 'Liver', { 2: mask(1, 2) }),
      contours(2, 'Lesion', { 2: mask(2, 3) }),
    ];
    const { note } = await copies.reviewable(series, [liver, lesion], []);
    expect([...labels.get(2)!]).toEqual([0, 1, 1, 2, 0, 0, 0, 0]);
    expect(note).toBe(
      'Lesion: contours overlap those of another structure. The first one keeps the voxels that they share.',
    );
  });

  it('come to the same labelmap again, where strokes stay and contours are brought up to date', async () => {
    const { copies, labels, made, predicted } = viewerWith();
    await copies.reviewable(
      series,
      [contours(1, 'Liver', { 2: mask(1), 5: mask(2), 6: mask(3) })],
      [],
    );
    // A stroke on one slice, a result on another one.
    labels.set(2, mask(1, 7));
    labels.set(4, mask(6));
    predicted.set(4, digest(mask(6)));
    const changed = contours(1, 'Liver', { 2: mask(0), 4: mask(5), 5: mask(4) });
    const open = await copies.reviewable(series, [changed], []);
    expect(made).toEqual(['Organs 1']);
    expect(open.discard).toBeUndefined();
    expect(Object.fromEntries(labels)).toEqual({
      2: mask(1, 7),
      4: mask(5),
      5: mask(4),
      6: mask(),
    });
  });

  it('take the labelmap along when they are discarded, unless it was drawn in', async () => {
    for (const isDrawnIn of [false, true]) {
      const { copies, viewer, collecting, labels } = viewerWith();
      const { discard } = await copies.reviewable(
        series,
        [contours(1, 'Liver', { 2: mask(1) })],
        [],
      );
      if (isDrawnIn) labels.set(3, mask(4));
      const held = await viewer.scan([{ segmentIndex: 1 } as SegmentLabelmap]);
      const segments = [{ segmentIndex: 1, slices: held.get(1) }];
      collecting.collected = { series, segments } as never;
      await discard!();
      expect(viewer.removeSegmentation).toHaveBeenCalledTimes(isDrawnIn ? 0 : 1);
    }
  });
});
