import type { ContourOutline } from './contourOutlines';
import { filledContours } from './filledContours';
import { resliceSeries } from './reslice';
import type { Series } from './series';

/** 4 slices of 12 x 10 pixels of 2 x 1 mm, 5 mm apart. */
const series = {
  displaySetInstanceUID: 'set',
  imageIds: ['0', '1', '2', '3'],
  instances: [0, 1, 2, 3].map(slice => ({
    SOPInstanceUID: `1.${slice}`,
    SOPClassUID: '',
    FrameOfReferenceUID: '1.9',
    ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
    ImagePositionPatient: [100, -50, 5 * slice],
    PixelSpacing: [1, 2],
  })),
  rows: 10,
  columns: 12,
  rowSpacing: 1,
  columnSpacing: 2,
  sliceSpacing: 5,
} as unknown as Series;

/** A rectangle in pixels of a slice as a contour in the patient. */
function rectangle(
  [left, right]: [number, number],
  [top, bottom]: [number, number],
  slice: number,
  change: Partial<ContourOutline> = {},
): ContourOutline {
  const corners = [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
  return {
    points: corners.map(([x, y]) => [100 + 2 * x, -50 + y, 5 * slice]),
    isClosed: true,
    isInterpolated: false,
    isXor: false,
    frameOfReference: '1.9',
    ...change,
  };
}

/** A slice as text. */
function drawing(
  filled: ReturnType<typeof filledContours>,
  slice: number,
  columns = 12,
  rows = 10,
) {
  const inside = new Set(filled.slices.get(slice)?.voxels);
  return Array.from({ length: rows }, (_, y) =>
    Array.from({ length: columns }, (_, x) => (inside.has(y * columns + x) ? '#' : '.')).join(''),
  );
}

describe('filledContours', () => {
  it('fills the voxels whose centers lie inside, on the slice of the contour', () => {
    // The last column's centers are just outside.
    const filled = filledContours([rectangle([1.5, 4.9], [1.5, 3.5], 2)], series, 'Liver');
    expect([...filled.slices.keys()]).toEqual([2]);
    expect(drawing(filled, 2).slice(0, 5)).toEqual([
      '............',
      '............',
      '..###.......',
      '..###.......',
      '............',
    ]);
    expect(filled.slices.get(2)?.digest.count).toBe(6);
    expect(filled.note).toBeNull();
  });

  it('cuts out holes, keeps what lies in them, and several pieces', () => {
    const outlines = [
      rectangle([0.5, 7.5], [0.5, 7.5], 0),
      rectangle([1.5, 6.5], [1.5, 6.5], 0),
      rectangle([3.5, 4.5], [3.5, 4.5], 0),
      rectangle([8.5, 10.5], [8.4, 9.4], 0),
    ];
    expect(drawing(filledContours(outlines, series, 'Ring'), 0)).toEqual([
      '............',
      '.#######....',
      '.#.....#....',
      '.#.....#....',
      '.#..#..#....',
      '.#.....#....',
      '.#.....#....',
      '.#######....',
      '............',
      '.........##.',
    ]);
  });

  it('unites contours that cross, unless they combine by XOR', () => {
    const cross = (isXor: boolean) => [
      rectangle([0.5, 4.5], [0.5, 2.5], 1, { isXor }),
      rectangle([2.5, 6.5], [0.5, 2.5], 1, { isXor }),
    ];
    expect(drawing(filledContours(cross(false), series, 'Cross'), 1)[1]).toBe('.######.....');
    expect(drawing(filledContours(cross(true), series, 'Cross'), 1)[1]).toBe('.##..##.....');
  });

  it('reads a keyhole as a hole', () => {
    const keyhole = [
      [1, 0.5],
      [7.5, 0.5],
      [7.5, 6.5],
      [0.5, 6.5],
      [0.5, 3.25],
      [2.5, 3.25],
      [2.5, 4.5],
      [5.5, 4.5],
      [5.5, 2.5],
      [2.5, 2.5],
      [2.5, 3.25],
      [0.5, 3.25],
      [0.5, 0.5],
    ];
    const outline = {
      ...rectangle([0, 1], [0, 1], 0),
      points: keyhole.map(([x, y]): [number, number, number] => [100 + 2 * x, -50 + y, 0]),
    };
    expect(drawing(filledContours([outline], series, 'Ring'), 0).slice(0, 8)).toEqual([
      '............',
      '.#######....',
      '.#######....',
      '.##...##....',
      '.##...##....',
      '.#######....',
      '.#######....',
      '............',
    ]);
  });

  it('leaves out contours that do not lie on slices as drawn, and says why', () => {
    const good = rectangle([1.5, 4.5], [1.5, 3.5], 2);
    const oblique = {
      ...good,
      points: good.points.map(([x, y, z]): [number, number, number] => [x, y, z + y + 50]),
    };
    const filled = filledContours(
      [
        good,
        oblique,
        { ...good, isInterpolated: true },
        { ...good, frameOfReference: '1.8' },
        { ...good, isClosed: false },
        rectangle([1.5, 4.5], [1.5, 3.5], 9),
      ],
      series,
      'Liver',
    );
    expect([...filled.slices.keys()]).toEqual([2]);
    expect(filled.note).toBe(
      '5 contours of Liver do not count: 1 is not parallel to the slices shown, 1 is interpolated by the viewer, 1 is in another frame of reference, 1 is beside or between the slices, 1 is not closed.',
    );
    expect(filledContours([oblique], series, 'Liver').note).toBe(
      'A contour of Liver does not count: it is not parallel to the slices shown.',
    );
  });

  it('believes the structure set, not the viewer, about its frame of reference', () => {
    const outline = rectangle([1.5, 4.5], [1.5, 3.5], 2);
    expect(filledContours([outline], series, 'Liver', '1.8').slices.size).toBe(0);
    expect(filledContours([outline], series, 'Liver', '1.9').slices.size).toBe(1);
  });

  it('fills contours drawn in another plane on the slices of that plane', () => {
    const coronal = resliceSeries(series, 'coronal');
    const outline: ContourOutline = {
      ...rectangle([0, 1], [0, 1], 0),
      points: [
        [103, -47, -1],
        [109, -47, -1],
        [109, -47, 11],
        [103, -47, 11],
      ],
    };
    const filled = filledContours([outline], coronal, 'Liver');
    const [[slice]] = filled.slices;
    expect(coronal.instances[slice].ImagePositionPatient).toMatchObject({ 1: -47 });
    // From head to feet.
    expect(drawing(filled, slice, 12, 4)).toEqual([
      '............',
      '..###.......',
      '..###.......',
      '..###.......',
    ]);
    expect(filledContours([outline], series, 'Liver').note).toMatch('not parallel');
  });
});
