import { createSegmentation } from './createSegmentation';
import { withEvenLength } from './evenLength';
import { itemsOf } from '../data/naturalized';
import { image, readBack, segment } from './testSeries';

/** Masks of segments, by number, on slices. */
const masksOn = (slices: Record<number, number[]>, pixels = 120) =>
  Object.entries(slices).flatMap(([number, indices]) =>
    indices.map(sliceIndex => ({
      segmentNumber: Number(number),
      sliceIndex,
      mask: new Uint8Array(pixels).fill(1),
    })),
  );
const grid = (rows: number, columns: number, slices: number) => ({
  rows,
  columns,
  positions: Array.from({ length: slices }, (_, z) => [0, 0, z]),
});
const placesOf = (masks: { segmentNumber: number; sliceIndex: number }[]) =>
  masks.map(({ segmentNumber, sliceIndex }) => [segmentNumber, sliceIndex]);

describe('withEvenLength', () => {
  it('leaves an even length as it is', () => {
    const masks = masksOn({ 1: [0, 1] });
    expect(withEvenLength(masks, grid(10, 12, 4), 'BINARY')).toBe(masks);
  });

  it.each([
    ['closes a gap first', { 1: [0, 1], 2: [0, 2, 3] }, [2, 1]],
    ['else puts the frame next to the segment', { 1: [2, 3, 4] }, [1, 1]],
    ['above, where there is no room below', { 1: [0, 1, 2] }, [1, 3]],
    ['takes another segment where one is full', { 1: [0, 1, 2, 3, 4], 2: [0, 1, 2, 3] }, [2, 4]],
  ] as const)('%s', (_, slices, added) => {
    const masks = masksOn(slices as unknown as Record<number, number[]>);
    const filled = withEvenLength(masks, grid(10, 12, 5), 'BINARY');
    expect(filled).toHaveLength(masks.length + 1);
    expect(placesOf(filled.filter(({ mask }) => !mask.includes(1)))).toEqual([added]);
    // In order, and none twice.
    expect(placesOf(filled)).toEqual(
      [...new Set(placesOf(filled).map(String))].map(text => text.split(',').map(Number)).sort(),
    );
  });

  it('cannot where each segment is on each slice', () => {
    const masks = masksOn({ 1: [0, 1, 2] });
    expect(withEvenLength(masks, grid(10, 12, 3), 'BINARY')).toBe(masks);
  });

  it('counts slices of a label map, not masks', () => {
    const masks = masksOn({ 1: [0, 1], 2: [1, 2] }, 9);
    const filled = withEvenLength(masks, grid(3, 3, 4), 'LABELMAP');
    expect(placesOf(filled)).toEqual([
      [1, 0],
      [1, 1],
      [1, 3],
      [2, 1],
      [2, 2],
    ]);
  });
});

describe('createSegmentation', () => {
  const series = (Rows: number, Columns: number) =>
    Array.from({ length: 5 }, (_, z) => image(z, { Rows, Columns }));
  const on = (slices: number[], pixels: number, first = 0) =>
    segment(
      'S',
      Object.fromEntries(
        slices.map(slice => [
          slice,
          Uint8Array.from({ length: pixels }, (_, i) => Number(i === first)),
        ]),
      ),
    );
  const made = (
    [rows, columns]: [number, number],
    segments: Parameters<typeof on>[0][],
    firsts = segments.map((_, i) => i),
  ) =>
    readBack(
      createSegmentation(
        series(rows, columns),
        segments.map((slices, i) => on(slices, rows * columns, firsts[i])),
        { segmentationType: 'AUTOMATIC' },
      ),
    );

  it.each<[string, [number, number], number[][], number[] | undefined, string, number]>([
    ['whole bytes, even', [16, 16], [[0, 1, 2]], undefined, 'BINARY', 3],
    ['whole bytes, odd: an empty frame more', [10, 12], [[0, 1, 2]], undefined, 'BINARY', 4],
    ['whole bytes, odd, no room', [10, 12], [[0, 1, 2, 3, 4]], undefined, 'LABELMAP', 5],
    ['no whole bytes', [3, 5], [[1, 2]], undefined, 'LABELMAP', 2],
    ['no whole bytes, one frame', [3, 5], [[1]], undefined, 'BINARY', 1],
    [
      'no whole bytes, odd',
      [3, 5],
      [
        [0, 1],
        [1, 2],
      ],
      undefined,
      'LABELMAP',
      4,
    ],
    [
      'no whole bytes, overlapping',
      [3, 5],
      [
        [0, 1],
        [1, 2],
      ],
      [0, 0],
      'FRACTIONAL',
      4,
    ],
  ])('chooses what OHIF reads right: %s', (_, size, segments, firsts, type, frames) => {
    const seg = made(size, segments, firsts);
    expect(seg.SegmentationType).toBe(type);
    expect(Number(seg.NumberOfFrames)).toBe(frames);
    const groups = itemsOf(seg, 'PerFrameFunctionalGroupsSequence');
    expect(groups).toHaveLength(frames);
    const indices = groups.map(group =>
      String(itemsOf(group, 'FrameContentSequence')[0].DimensionIndexValues),
    );
    expect(new Set(indices).size).toBe(frames);
  });
});
