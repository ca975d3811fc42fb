import { countOverlap, dice, iou, sumOverlaps } from './overlap';

/** Reads a drawn mask: `#` inside, `.` outside. */
const drawn = (...rows: string[]) => Uint8Array.from(rows.join(''), mark => (mark === '#' ? 1 : 0));

// prettier-ignore
const SQUARE = drawn('....',
                     '.##.',
                     '.##.');
// prettier-ignore
const SHIFTED = drawn('....',
                      '..##',
                      '..##');
const EMPTY = drawn('....', '....', '....');

describe('overlap of two masks', () => {
  it('counts what each has and what they share', () => {
    expect(countOverlap(SQUARE, SHIFTED)).toEqual({ intersection: 2, predicted: 4, truth: 4 });
  });

  it('gives IoU 2 of 6 and Dice 4 of 8 for squares that overlap by half', () => {
    expect(iou(countOverlap(SQUARE, SHIFTED))).toBeCloseTo(2 / 6, 12);
    expect(dice(countOverlap(SQUARE, SHIFTED))).toBeCloseTo(4 / 8, 12);
  });

  it('is 1 for equal masks, also for two empty ones', () => {
    for (const mask of [SQUARE, EMPTY]) {
      expect(iou(countOverlap(mask, mask))).toBe(1);
      expect(dice(countOverlap(mask, mask))).toBe(1);
    }
  });

  it('is 0 when only one is empty', () => {
    expect(iou(countOverlap(EMPTY, SQUARE))).toBe(0);
    expect(dice(countOverlap(SQUARE, EMPTY))).toBe(0);
  });

  it('counts slices together instead of averaging them', () => {
    const sum = sumOverlaps([countOverlap(SQUARE, SHIFTED), countOverlap(EMPTY, SQUARE)]);
    expect(sum).toEqual({ intersection: 2, predicted: 4, truth: 8 });
    expect(iou(sum)).toBeCloseTo(2 / 10, 12);
  });

  it('refuses masks of different grids', () => {
    expect(() => countOverlap(SQUARE, new Uint8Array(5))).toThrow('12 elements');
  });
});
