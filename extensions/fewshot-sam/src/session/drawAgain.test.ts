import type { Types } from '@cornerstonejs/tools';
import type { Series } from '../viewer/series';
import type { MaskWrite } from '../viewer/writeMasks';
import type { Draft } from './draft';
import { drawAgain } from './drawAgain';

const series = {} as Series;
const draft = (...masks: [label: string, mask: string][]): Draft => ({
  size: 4,
  segments: masks.map(([label, text], i) => ({
    segmentIndex: 10 + i,
    label,
    masks: new Map([[0, Uint8Array.from(text, Number)]]),
    predicted: [],
    leftOut: [],
  })),
  review: null,
});

/** A viewer that names its segmentations one after the other. */
function viewerOf() {
  const made: Record<string, string[]> = {};
  const written: MaskWrite[][] = [];
  const viewer: Parameters<typeof drawAgain>[0] = {
    async segmentationFor(labels, use) {
      const segmentationId = use?.segmentationId ?? `new ${Object.keys(made).length}`;
      made[segmentationId] = labels;
      return { segmentationId } as Types.Segmentation;
    },
    segments: ({ segmentationId }) =>
      made[segmentationId].map((label, i) => ({
        segmentIndex: i + 1,
        label,
        color: [0, 0, 0],
        locked: false,
        active: false,
      })),
    labelmap: ({ segmentationId }, segmentIndex) =>
      ({ segmentationId, segmentIndex }) as MaskWrite['labelmap'],
    write: async writes => {
      written.push(writes);
      return [];
    },
  };
  return { viewer, made, written };
}

describe('drawAgain', () => {
  it('draws two drafts in two segmentations, the first in the empty one, in one step', async () => {
    const { viewer, made, written } = viewerOf();
    const drafts = [draft(['Liver', '1100'], ['Spleen', '0011']), draft(['Tumour', '1000'])];
    const empty = { segmentationId: 'empty' } as Types.Segmentation;
    const drawn = await drawAgain(viewer, series, drafts, empty, () => undefined);
    expect(made).toEqual({ empty: ['Liver', 'Spleen'], 'new 1': ['Tumour'] });
    expect(drawn.map(one => one.draft)).toEqual(drafts);
    expect([...drawn[0].numbers]).toEqual([
      [10, 1],
      [11, 2],
    ]);
    expect(written).toHaveLength(1);
    expect(
      written[0].map(({ labelmap, masks }) => [labelmap, [...masks.get(0)!].join('')]),
    ).toEqual([
      [{ segmentationId: 'empty', segmentIndex: 1 }, '1100'],
      [{ segmentationId: 'empty', segmentIndex: 2 }, '0011'],
      [{ segmentationId: 'new 1', segmentIndex: 1 }, '1000'],
    ]);
  });

  it('loses no voxel of segments that overlap in one draft', async () => {
    const { viewer, made } = viewerOf();
    const overlapping = draft(['Liver', '1110'], ['Tumour', '0100'], ['Spleen', '0001']);
    const drawn = await drawAgain(viewer, series, [overlapping], null, () => undefined);
    expect(made).toEqual({ 'new 0': ['Liver', 'Spleen'], 'new 1': ['Tumour'] });
    expect(drawn.map(({ draft: one }) => one)).toEqual([overlapping, overlapping]);
  });
});
