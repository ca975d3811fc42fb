import { bestThreshold } from './bestThreshold';

/** One slice whose tokens all hold image. */
const slice = (scores: number[], coverage: number[], valid = scores.map(() => 1)) => ({
  scores: Float32Array.from(scores),
  coverage: Float32Array.from(coverage),
  valid: Float32Array.from(valid),
});

describe('bestThreshold', () => {
  it('lies halfway between structure and background that can be told apart', () => {
    expect(bestThreshold([slice([1, 8, 6, 2], [0, 1, 1, 0])])).toBe(4);
  });

  it('is one for all slices', () => {
    expect(bestThreshold([slice([1, 8], [0, 1]), slice([6, 4], [1, 0])])).toBe(5);
  });

  it('accepts background where leaving it out would cost more', () => {
    // Above 5.5: 2 of 3 found, Dice 0.8. Above 2: all three and one wrong, Dice 6/7.
    expect(bestThreshold([slice([7, 6, 5, 3, 1], [1, 1, 0, 1, 0])])).toBe(2);
  });

  it('counts a token by its area', () => {
    // A token that is hardly covered is not worth selecting; one that is mostly padding costs little.
    expect(bestThreshold([slice([6, 4, 2], [1, 0.2, 0])])).toBe(5);
    expect(bestThreshold([slice([6, 4, 2], [1, 0.2, 0], [1, 0.2, 1])])).toBe(3);
  });

  it('never looks at padding', () => {
    expect(bestThreshold([slice([9, 8, 4, 7], [0, 1, 0, 0], [0, 1, 1, 0])])).toBe(6);
  });

  it('does not part equal scores', () => {
    expect(bestThreshold([slice([5, 5, 1], [1, 0, 0])])).toBe(3);
  });

  it('selects everything when everything is structure', () => {
    expect(bestThreshold([slice([5, 3], [1, 1])])).toBeLessThan(3);
  });
});
