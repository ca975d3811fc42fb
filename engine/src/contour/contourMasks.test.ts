import type { VolumeGeometry } from '../geometry/volume';
import { worldPosition } from '../geometry/volume';
import { contourMasks, contourPlacer } from './contourMasks';

const AXIAL: VolumeGeometry = {
  size: [7, 5, 4],
  spacing: [0.7, 0.5, 3],
  origin: [-10, -20, 30],
  direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

/** Turned about two axes. */
const OBLIQUE: VolumeGeometry = {
  ...AXIAL,
  direction: [0.8, 0, 0.6, 0.36, 0.8, -0.48, -0.48, 0.6, 0.64],
};

const TILTED: VolumeGeometry = { ...AXIAL, direction: [1, 0, 0, 0, 1, 0.6, 0, 0, 0.8] };

const UNEVEN: VolumeGeometry = {
  ...AXIAL,
  sliceOrigins: [
    [-10, -20, 30],
    [-10, -20, 33],
    [-10, -20, 39],
    [-10, -20, 42],
  ],
};

/** A rectangle around pixels 1 to 3 of rows 1 to 2. */
const CORNERS = [
  [0.5, 0.5],
  [3.5, 0.5],
  [3.5, 2.5],
  [0.5, 2.5],
];
const PIXELS = ['.......', '.###...', '.###...', '.......', '.......'];

const contour = (geometry: VolumeGeometry, slice: number, corners = CORNERS) => ({
  points: corners.flatMap(([x, y]) => worldPosition(geometry, [x, y, slice])),
});

const text = (mask: Uint8Array) =>
  Array.from({ length: 5 }, (_, row) =>
    Array.from(mask.subarray(row * 7, (row + 1) * 7), v => (v ? '#' : '.')).join(''),
  );

const read = (
  geometry: VolumeGeometry,
  contours: { points: number[] }[],
  rule: 'nested' | 'xor' = 'nested',
) => {
  const place = contourPlacer(geometry);
  const { masks, remarks } = contourMasks(contours.map(place), rule, geometry);
  return { drawn: Object.fromEntries([...masks].map(([k, mask]) => [k, text(mask)])), remarks };
};

describe('contourMasks', () => {
  it.each([
    ['axial', AXIAL],
    ['oblique', OBLIQUE],
    ['tilted', TILTED],
    ['unevenly spaced', UNEVEN],
  ])('fills contours on %s slices', (_, geometry) => {
    expect(read(geometry, [contour(geometry, 2)])).toEqual({ drawn: { 2: PIXELS }, remarks: [] });
  });

  it('places a contour between slices on the nearest one, and says so', () => {
    const { drawn, remarks } = read(AXIAL, [contour(AXIAL, 1.4)]);
    expect(drawn).toEqual({ 1: PIXELS });
    expect(remarks).toEqual([expect.stringContaining('1 contour between slices was placed')]);
  });

  it('ignores contours beyond the stack and across slices, and says so', () => {
    const upright = {
      points: [0, 1, 2].flatMap(k => worldPosition(AXIAL, [1, 1 + (k % 2), k])),
    };
    const { drawn, remarks } = read(AXIAL, [
      contour(AXIAL, 3),
      contour(AXIAL, 3.6),
      contour(AXIAL, -2),
      upright,
    ]);
    expect(Object.keys(drawn)).toEqual(['3']);
    expect(remarks).toEqual([
      expect.stringContaining('1 contour is not parallel'),
      expect.stringContaining('2 contours lie on no slice'),
    ]);
  });

  it('does not reach into a gap of missing slices', () => {
    expect(read(UNEVEN, [contour(UNEVEN, 1.49)]).drawn).toEqual({});
  });

  it('takes the nearest plane where contours are closer together than slices', () => {
    const inner = [
      [1.5, 0.5],
      [2.5, 0.5],
      [2.5, 1.5],
      [1.5, 1.5],
    ];
    // As a hole, the contour of the other plane would cut into the nearest one.
    const { drawn, remarks } = read(AXIAL, [contour(AXIAL, 2), contour(AXIAL, 2.3, inner)]);
    expect(drawn).toEqual({ 2: PIXELS });
    expect(remarks).toEqual([expect.stringContaining('1 contour was ignored')]);
  });

  it('says which slices between have no contour', () => {
    const { remarks } = read(AXIAL, [contour(AXIAL, 0), contour(AXIAL, 3)]);
    expect(remarks).toEqual([expect.stringContaining('2 slices between')]);
  });

  it('says which rule made holes', () => {
    const hole = [
      [1.5, 0.9],
      [2.5, 0.9],
      [2.5, 1.5],
      [1.5, 1.5],
    ];
    const contours = [contour(AXIAL, 1), contour(AXIAL, 1, hole)];
    expect(read(AXIAL, contours).drawn[1][1]).toBe('.#.#...');
    expect(read(AXIAL, contours).remarks).toEqual([expect.stringContaining('read as holes')]);
    expect(read(AXIAL, contours, 'xor').remarks).toEqual([
      expect.stringContaining('CLOSEDPLANAR_XOR'),
    ]);
  });

  it('cuts contours off at the edge of the image', () => {
    const wide = [
      [-5, 0.5],
      [3.5, 0.5],
      [3.5, 2.5],
      [-5, 2.5],
    ];
    const { drawn, remarks } = read(AXIAL, [contour(AXIAL, 1, wide)]);
    expect(drawn[1][1]).toBe('####...');
    expect(remarks).toEqual([expect.stringContaining('reaches beyond the image')]);
  });
});
