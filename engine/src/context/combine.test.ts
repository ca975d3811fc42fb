import { combine } from './combine';

const one = (value: number) => Float32Array.of(value);

/** @param share by matching; depth of the expected outline and its error in mm */
const at = (
  share: number,
  [depth, error]: [number, number] | [] = [],
  { gray = 0, isBeyond = false, imageWeight = 1 } = {},
) =>
  combine(
    {
      share: one(share),
      gray: one(gray),
      outline: depth === undefined ? null : { depth: one(depth), error: one(error!) },
      isBeyond,
    },
    imageWeight,
  )[0];

describe('combine', () => {
  it('is matching and gray values where there is no outline', () => {
    expect(at(0.5)).toBeCloseTo(0, 5);
    expect(at(0.9)).toBeGreaterThan(2);
    expect(at(0)).toBeGreaterThanOrEqual(-7);
    expect(at(0.5, [], { gray: -1 })).toBeCloseTo(-1, 5);
  });

  it('lets the outline decide where matching does not know', () => {
    expect(at(0.5, [4, 2])).toBeGreaterThan(0);
    expect(at(0.5, [-4, 2])).toBeLessThan(0);
  });

  it('counts the outline less the farther it may be off', () => {
    expect(at(0.5, [4, 10])).toBeLessThan(at(0.5, [4, 2]));
  });

  it('never outvotes a match that is sure, where the image tells', () => {
    expect(at(1, [-50, 1])).toBeGreaterThan(0);
    expect(at(0, [50, 1])).toBeLessThan(0);
  });

  it('goes by the outline where the image tells nothing', () => {
    expect(at(1, [-5, 1], { imageWeight: 0 })).toBeLessThan(0);
    expect(at(0, [5, 1], { imageWeight: 0, gray: -1 })).toBeGreaterThan(0);
  });

  it('goes by the outlines beyond the outermost: matching copies the last one', () => {
    expect(at(1, [-2, 1], { isBeyond: true })).toBeLessThan(0);
    expect(at(0, [0.1, 1], { isBeyond: true })).toBeLessThan(0);
  });
});
