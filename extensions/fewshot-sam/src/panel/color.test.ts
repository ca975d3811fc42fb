import { contrast, visibleColor } from './color';

describe('contrast', () => {
  it('is 21 for black on white and 1 for a color on itself', () => {
    expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21);
    expect(contrast([221, 84, 84], [221, 84, 84])).toBe(1);
  });
});

describe('visibleColor', () => {
  it('keeps a color that stands out', () => {
    expect(visibleColor([221, 84, 84])).toEqual([221, 84, 84]);
  });

  it.each([
    [0, 0, 139],
    [0, 0, 0],
    [70, 20, 90],
  ] as [number, number, number][])('makes rgb(%d %d %d) visible on the panel', (...color) => {
    expect(contrast(visibleColor(color), [9, 13, 42])).toBeGreaterThanOrEqual(4.5);
  });
});
