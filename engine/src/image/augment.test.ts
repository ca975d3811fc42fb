import { seededRandom } from '../numeric/random';
import { augment, type AugmentSettings } from './augment';

const NOTHING: AugmentSettings = {
  gamma: 0,
  scale: 0,
  shift: 0,
  noise: 0,
  invert: 0,
  structureShift: 0,
  flip: 0,
  size: 0,
  move: 0,
};

const slice = {
  pixels: Float32Array.of(0, 20, 40, 60, 80, 100, 100, 60, 40, 20, 0, 50, 50, 50, 50, 50),
  rows: 4,
  columns: 4,
  rowSpacing: 2,
  columnSpacing: 2,
};
const mask = Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0);
const window = { low: 0, high: 100 };
const center = { row: 2, column: 2 };
const SIDE = 8;

const copy = (change: Partial<AugmentSettings>, random = seededRandom(3)) =>
  augment(slice, mask, window, center, SIDE, { ...NOTHING, ...change }, random);
const numbers = (values: Float32Array) => Array.from(values, value => Math.round(value));

describe('augment', () => {
  it('changes nothing when nothing may change', () => {
    expect(numbers(copy({}).pixels)).toEqual([...slice.pixels]);
    expect(copy({}).mask).toEqual(mask);
    expect(copy({}).rectangle).toEqual({ row: 0, column: 0, rows: 4, columns: 4 });
  });

  it('is the same for the same seed, another for another', () => {
    const all = { gamma: 0.5, scale: 0.3, shift: 0.2, noise: 0.1, size: 0.2, move: 0.1 };
    expect(copy(all, seededRandom(1))).toEqual(copy(all, seededRandom(1)));
    expect(copy(all, seededRandom(1))).not.toEqual(copy(all, seededRandom(2)));
  });

  it('leaves what was labeled as it is', () => {
    const before = [slice.pixels.slice(), mask.slice()];
    copy({ shift: 0.3, flip: 1, noise: 0.1, structureShift: 0.5 });
    expect([slice.pixels, mask]).toEqual(before);
  });

  it('mirrors image and mask together', () => {
    const { pixels, mask: mirrored } = copy({ flip: 1 });
    expect(numbers(pixels).slice(0, 8)).toEqual([60, 40, 20, 0, 60, 100, 100, 80]);
    expect([...mirrored].slice(4, 8)).toEqual([0, 1, 1, 0]);
  });

  it('swaps bright and dark', () => {
    expect(numbers(copy({ invert: 1 }).pixels)).toEqual(
      [...slice.pixels].map(value => 100 - value),
    );
  });

  it('shifts the structure alone', () => {
    // The sixth number that is drawn: all the way down.
    let drawn = 0;
    const { pixels } = copy({ structureShift: 0.4 }, () => (++drawn === 6 ? 0 : 0.5));
    expect(numbers(pixels)).toEqual([...slice.pixels].map((v, i) => (mask[i] ? v - 40 : v)));
  });

  it.each<[string, Partial<AugmentSettings>, number[]]>([
    ['gamma', { gamma: Math.LN2 }, [0, 4, 16, 36]],
    ['contrast', { scale: 0.5 }, [0, 5, 35, 65]],
    ['shift', { shift: 0.3 }, [30, 50, 70, 90]],
  ])('changes the %s of all, up to its bound', (_, change, row) => {
    expect(numbers(copy(change, () => 1 - 1e-12).pixels).slice(0, 4)).toEqual(row);
  });

  it('keeps noise inside the window and about zero', () => {
    const gray = { ...slice, pixels: new Float32Array(4096).fill(50), rows: 64, columns: 64 };
    const random = seededRandom(7);
    const middle = { row: 32, column: 32 };
    const settings = { ...NOTHING, noise: 0.2 };
    const { pixels } = augment(gray, new Uint8Array(4096), window, middle, 128, settings, random);
    const mean = pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const deviation = Math.sqrt(
      pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length,
    );
    expect(Math.abs(mean - 50)).toBeLessThan(1);
    expect(deviation).toBeGreaterThan(1);
    expect(deviation).toBeLessThan(20);
    expect(pixels.every(value => value >= 0 && value <= 100)).toBe(true);
  });

  it('resizes and moves the field of view; beyond the slice it is dark', () => {
    const { pixels, mask: moved, rectangle } = copy({ size: Math.LN2 }, () => 1 - 1e-12);
    expect(rectangle).toEqual({ row: -2, column: -2, rows: 8, columns: 8 });
    expect(pixels[0]).toBe(0);
    expect(moved[3 * 8 + 3]).toBe(1);
    expect(copy({ move: 0.25 }, () => 1 - 1e-12).rectangle).toMatchObject({ row: 1, column: 1 });
  });
});
