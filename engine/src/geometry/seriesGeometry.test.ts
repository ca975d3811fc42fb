import { seriesGeometry, type SlicePlace } from './seriesGeometry';

const AXIAL = [1, 0, 0, 0, 1, 0];
const at = (z: number, change: Partial<SlicePlace> = {}): SlicePlace => ({
  position: [-20, -30, z],
  orientation: AXIAL,
  pixelSpacing: [1, 1],
  ...change,
});
const axial = (heights: number[]) => seriesGeometry(heights.map(z => at(z)));
const every = (spacing: number, count = 16) =>
  Array.from({ length: count }, (_, i) => Number((100 + i * spacing).toFixed(6)));

describe('seriesGeometry', () => {
  it('orders slices along their normal and measures their gaps', () => {
    expect(axial([106, 100, 103])).toMatchObject({
      order: [1, 2, 0],
      normal: [0, 0, 1],
      heights: [0, 3, 6],
      gaps: [3, 3],
      sliceSpacing: 3,
      step: [0, 0, 3],
      isEven: true,
      missing: [],
      tilt: null,
      isRegular: true,
    });
  });

  it.each([
    ['8 µm', every(0.008)],
    ['0.02 mm', every(0.02)],
    ['10 mm', every(10)],
    ['0.625 mm, rounded to a tenth', [0, 0.6, 1.3, 1.9, 2.5]],
    ['2.5 mm, rounded to whole mm', [0, 3, 5, 8, 10, 13, 15]],
    ['0.008 mm, rounded to a thousandth', every(0.0084).map(z => Number(z.toFixed(3)))],
  ])('finds %s even', (_what, heights) => {
    expect(axial(heights)).toMatchObject({ isEven: true, isRegular: true, missing: [] });
  });

  it.each([
    [
      '2.5 mm that becomes 3.0 mm half way',
      Array.from({ length: 60 }, (_, k) => 2.5 * k + 0.5 * Math.max(k - 29, 0)),
      [],
    ],
    [
      '1.00 mm that becomes 1.01 mm',
      Array.from({ length: 200 }, (_, k) => k + 0.01 * Math.max(k - 99, 0)),
      [],
    ],
    ['one of 16 missing', every(3).filter((_, k) => k !== 6), [{ after: 5, gap: 6, count: 1 }]],
    ['the last but one missing', [0, 1, 2, 3, 4, 6], [{ after: 4, gap: 2, count: 1 }]],
    ['one of four missing', [0, 1, 3], [{ after: 1, gap: 2, count: 1 }]],
    ['one of five missing', [0, 2, 6, 8], [{ after: 1, gap: 4, count: 1 }]],
    [
      'three missing at 0.02 mm',
      every(0.02).filter((_, k) => k < 4 || k > 6),
      [{ after: 3, gap: 0.08, count: 3 }],
    ],
  ])('finds %s uneven', (_what, heights, missing) => {
    const geometry = axial(heights);
    expect(geometry).toMatchObject({ isEven: false, isRegular: false });
    expect(
      geometry.missing.map(found => ({ ...found, gap: Number(found.gap.toFixed(6)) })),
    ).toEqual(missing);
  });

  it('measures a tilted gantry', () => {
    const angle = (15 * Math.PI) / 180;
    const orientation = [1, 0, 0, 0, Math.cos(angle), Math.sin(angle)];
    const places = Array.from({ length: 20 }, (_, k) =>
      at(100 + (0.625 / Math.cos(angle)) * k, { orientation }),
    );
    const { tilt, ...geometry } = seriesGeometry(places);
    expect(geometry).toMatchObject({ isEven: true, isStraight: true, isRegular: true });
    expect(geometry.sliceSpacing).toBeCloseTo(0.625, 6);
    expect(tilt!.degrees).toBeCloseTo(15, 6);
    expect(tilt!.shear).toBeCloseTo(Math.tan(angle), 6);
    expect(tilt!.lean).toBeCloseTo(19 * 0.625 * Math.tan(angle), 6);
  });

  it('takes rounded direction cosines for no tilt', () => {
    const [c, s] = [Math.cos(0.3), Math.sin(0.3)];
    const orientation = [1, 0, 0, 0, Number(c.toFixed(4)), Number(s.toFixed(4))];
    const places = Array.from({ length: 100 }, (_, k) =>
      at(0, { orientation, position: [0, -3 * k * s, 3 * k * c] }),
    );
    expect(seriesGeometry(places)).toMatchObject({ tilt: null, isRegular: true });
  });

  it('sees slices that are shifted to and fro', () => {
    const places = every(3).map((z, k) => at(z, { position: [k % 2 ? 5 : 0, 0, z] }));
    expect(seriesGeometry(places)).toMatchObject({ isStraight: false, isRegular: false });
  });

  it('sees orientations that differ by more than rounding', () => {
    const places = every(3).map((z, k) => at(z, { orientation: [1, 0, 0, 0, 1, k * 5e-4] }));
    expect(seriesGeometry(places)).toMatchObject({ isParallel: false, isRegular: false });
  });

  it('accepts a single slice', () => {
    expect(axial([7])).toMatchObject({ order: [0], gaps: [], sliceSpacing: 0, tilt: null });
  });

  it.each<[string, SlicePlace[], string]>([
    ['no position', [at(0), at(3, { position: [] })], 'Image 2 has no usable Image Position'],
    ['no orientation', [at(0, { orientation: [1, 0] })], 'Image 1 has no usable Image Orient'],
    ['an orientation of zeros', [at(0, { orientation: [0, 0, 0, 0, 0, 0] })], 'unit vectors'],
    ['skewed axes', [at(0, { orientation: [1, 0, 0, 0.6, 0.8, 0] })], 'at right angles'],
    [
      'a localizer',
      [at(0), at(3), at(6, { orientation: [0, 1, 0, 0, 0, -1] })],
      'Image 3 is not parallel to Image 1',
    ],
    ['one position twice', [at(0), at(3), at(6), at(3)], 'Image 2 and Image 4'],
    ['two echoes at 8 µm', every(0.008).flatMap(z => [at(z), at(z)]), 'at one position'],
    ['all images at one position', [at(5), at(5), at(5)], 'at one position'],
  ])('refuses %s', (_what, places, message) => {
    expect(() => seriesGeometry(places)).toThrow(
      expect.objectContaining({ code: 'bad-geometry', message: expect.stringContaining(message) }),
    );
  });
});
