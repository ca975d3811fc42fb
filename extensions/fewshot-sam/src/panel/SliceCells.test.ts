import { cellLook, runsOf } from './SliceCells';
import { sliceAfterKey, sliceAt } from './SliceStrip';

describe('runsOf', () => {
  it('joins equal neighbours', () => {
    expect(runsOf(['open', 'open', 'drawn', 'open'])).toEqual([
      { look: 'open', length: 2 },
      { look: 'drawn', length: 1 },
      { look: 'open', length: 1 },
    ]);
  });
});

describe('cellLook', () => {
  it('tells how sure a slice is only while it awaits a decision', () => {
    expect(cellLook('predicted', 0.6)).toBe('fs-predicted fs-sure-0');
    expect(cellLook('predicted', 0.8)).toBe('fs-predicted fs-sure-1');
    expect(cellLook('predicted', 0.95)).toBe('fs-predicted fs-sure-2');
    expect(cellLook('predicted', null)).toBe('fs-predicted');
    expect(cellLook('accepted', 0.6)).toBe('fs-accepted');
  });
});

describe('sliceAt', () => {
  it.each([
    [0, 0],
    [0.49, 4],
    [1, 9],
    [-0.2, 0],
    [1.3, 9],
  ])('fraction %p of 10 slices is slice index %p', (fraction, index) =>
    expect(sliceAt(fraction, 10)).toBe(index),
  );
});

describe('sliceAfterKey', () => {
  it('goes down through the series as the viewer does', () => {
    expect(sliceAfterKey('ArrowDown', 4, 20)).toBe(5);
    expect(sliceAfterKey('ArrowUp', 4, 20)).toBe(3);
    expect(sliceAfterKey('PageDown', 4, 300)).toBe(34);
    expect(sliceAfterKey('PageUp', 4, 300)).toBe(0);
  });

  it('leaves other keys to the viewer', () => {
    expect(sliceAfterKey('b', 4, 20)).toBeNull();
  });
});
