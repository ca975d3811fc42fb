import {
  expectedArea,
  extrapolatedOutline,
  interpolatedOutline,
  shiftBetween,
} from './outlineEvidence';

const COLUMNS = 24;

/** mm from a disk's edge, positive inside, pixels of 1 mm. */
function disk(row: number, column: number, radius: number): Float32Array {
  return Float32Array.from(
    { length: COLUMNS * COLUMNS },
    (_, i) => radius - Math.hypot(Math.floor(i / COLUMNS) - row, (i % COLUMNS) - column),
  );
}
const at = (values: Float32Array, row: number, column: number) => values[row * COLUMNS + column];
const area = (values: Float32Array) => values.filter(value => value > 0).length;

describe('interpolatedOutline', () => {
  it('moves along with the structure', () => {
    const [below, above] = [disk(12, 7, 4), disk(12, 16, 4)];
    const shift = shiftBetween(below, above, COLUMNS);
    expect(shift[0]).toBeCloseTo(0, 5);
    expect(shift[1]).toBeCloseTo(9, 5);
    // A third of the way: at column 10. Averaged where they are, the disks would vanish.
    const { depth } = interpolatedOutline(below, above, 1 / 3, 3, shift, COLUMNS);
    expect(at(depth, 12, 10)).toBeCloseTo(4, 1);
    expect(at(depth, 12, 15)).toBeLessThan(0);
    const still = interpolatedOutline(below, above, 1 / 3, 3, [0, 0], COLUMNS);
    expect(area(still.depth)).toBeLessThan(0.6 * area(depth));
  });

  it('may be off the more, the farther the outlines and the more they differ', () => {
    const [small, large] = [disk(12, 12, 4), disk(12, 12, 8)];
    const near = interpolatedOutline(small, small, 0.5, 3, [0, 0], COLUMNS).error[0];
    expect(interpolatedOutline(small, small, 0.5, 30, [0, 0], COLUMNS).error[0]).toBeGreaterThan(
      near,
    );
    expect(interpolatedOutline(small, large, 0.5, 3, [0, 0], COLUMNS).error[0]).toBeGreaterThan(
      near,
    );
  });

  it('does not move two outlines that overlap best where they are', () => {
    // A tail is gone on the second: its centroid moves, the structure does not.
    const below = disk(12, 6, 4).map((value, i) => Math.max(value, disk(12, 16, 3)[i]));
    expect(shiftBetween(below, disk(12, 6, 4), COLUMNS)).toEqual([0, 0]);
  });
});

describe('extrapolatedOutline', () => {
  const last = disk(12, 12, 7);
  const extrapolate = (pixels: number, shift: [number, number] = [0, 0]) =>
    extrapolatedOutline(last, pixels, 3, shift, COLUMNS, 1).depth;

  it('shrinks the outermost outline to the expected area', () => {
    // Pixels as deep as the last one go with it.
    const found = area(extrapolate(60));
    expect(found).toBeLessThanOrEqual(60);
    expect(found).toBeGreaterThan(52);
    expect(extrapolate(area(last))).toEqual(last);
  });

  it('moves on', () => {
    expect(at(extrapolate(area(last), [0, 2]), 12, 14)).toBeCloseTo(7, 5);
  });

  it('is gone where nothing is expected', () => {
    const depth = extrapolate(0);
    expect(area(depth)).toBe(0);
    expect(at(depth, 12, 12)).toBeLessThan(-3);
  });
});

describe('expectedArea', () => {
  const areas = (...pixels: number[]) =>
    pixels.map((count, i) => ({ apart: 2 * i, pixels: count }));

  it('goes on along a line through two outlines', () => {
    expect(expectedArea(areas(100, 140), 1)).toBe(80);
    expect(expectedArea(areas(100, 140), 9)).toBe(0);
  });

  it('bends down with three', () => {
    // Pixels at slices 0, 2 and 4 of 100 + 30 x - 2.5 x^2.
    expect(expectedArea(areas(100, 150, 180), 1)).toBe(68);
    expect(expectedArea(areas(100, 110, 180), 1)).toBe(95);
  });

  it('asks no outline right beside the outermost one', () => {
    const beside = { apart: 1, pixels: 130 };
    const [last, second] = areas(100, 100);
    expect(expectedArea([last, beside, second], 1)).toBe(100);
    expect(expectedArea([last, beside], 1)).toBe(100);
  });

  it('never grows', () => {
    expect(expectedArea(areas(100, 80), 3)).toBe(100);
  });
});
