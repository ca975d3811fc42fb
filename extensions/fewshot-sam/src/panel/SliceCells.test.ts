import { cellLook, runsOf } from './SliceCells';
import { plotLines, plotWords } from './ConfidencePlot';
import { sliceAfterKey, sliceAt } from './SliceStrip';

describe('runsOf', () => {
  it('joins equal neighbors', () => {
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

  it('never shows a slice with a caveat as sure, and keeps the pattern once it is accepted', () => {
    expect(cellLook('predicted', 0.99, 'extrapolated')).toBe('fs-predicted fs-beyond');
    expect(cellLook('accepted', 0.99, 'extrapolated')).toBe('fs-accepted fs-beyond');
    expect(cellLook('predicted', null, 'no-promise')).toBe('fs-predicted fs-no-promise');
    expect(cellLook('drawn', 0.99, 'extrapolated')).toBe('fs-drawn');
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

describe('the plot', () => {
  const confidences = [0.9, 0.9, 0.9, null, 0.9];
  const caveats = ['extrapolated', null, null, null, 'extrapolated'] as const;

  it('draws slices beyond the outlines as lines of their own that meet the others', () => {
    expect(plotLines(confidences, caveats)).toEqual([
      { points: '0.5,20.0 1.5,20.0', isExtrapolated: true },
      { points: '1.5,20.0 2.5,20.0', isExtrapolated: false },
      { points: '4.1,20 4.9,20', isExtrapolated: true },
    ]);
    expect(plotLines([0.9, 0.9, 0.9], [null, null, 'extrapolated'])).toEqual([
      { points: '0.5,20.0 1.5,20.0', isExtrapolated: false },
      { points: '1.5,20.0 2.5,20.0', isExtrapolated: true },
    ]);
  });

  it('says how many lie beyond the outlines', () => {
    expect(plotWords(confidences, caveats)).toMatch(/; 2 slices beyond your outlines$/);
    expect(plotWords(confidences)).not.toMatch(/beyond/);
  });
});
