import { combine } from './combine';

const one = (value: number) => Float32Array.of(value);

describe('combine', () => {
  it('is matching alone beyond the outermost labelled slices', () => {
    expect(combine(one(0.5), null)[0]).toBeCloseTo(0, 5);
    expect(combine(one(0.9), null)[0]).toBeGreaterThan(2);
    expect(combine(one(0), null)[0]).toBeGreaterThanOrEqual(-7);
  });

  const at = (share: number, below: number, above: number, distanceMm = 3) =>
    combine(one(share), { below: one(below), above: one(above), position: 0.5, distanceMm })[0];

  it('the outline decides where matching does not know', () => {
    expect(at(0.5, 4, 4)).toBeGreaterThan(0);
    expect(at(0.5, -4, -4)).toBeLessThan(0);
  });

  it('the outline counts less the farther the labelled slices are', () => {
    expect(at(0.5, 4, 4, 3)).toBeGreaterThan(at(0.5, 4, 4, 30));
  });

  it('the outline counts less the more both sides disagree', () => {
    expect(at(0.5, 12, -4)).toBeLessThan(at(0.5, 4, 4));
  });

  it('never outvotes a match that is sure', () => {
    expect(at(1, -50, -50)).toBeGreaterThan(0);
    expect(at(0, 50, 50)).toBeLessThan(0);
  });
});
