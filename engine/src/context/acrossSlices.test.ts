import { outlineLogits, smoothAcross } from './acrossSlices';

const slice = (gray: number, logit: number) => ({
  gray: new Uint8Array(9).fill(gray),
  logits: new Float32Array(9).fill(logit),
});

describe('smoothAcross', () => {
  it('takes over from slices that look alike', () => {
    const smoothed = smoothAcross(slice(100, -1), [slice(100, 4), slice(100, 4)], 3);
    for (const logit of smoothed) expect(logit).toBeCloseTo((-1 + 2 * 0.3 * 4) / 1.6, 5);
  });

  it('takes over little from one that looks different', () => {
    for (const logit of smoothAcross(slice(0, -1), [slice(255, 4)], 3)) {
      expect(logit).toBeCloseTo(-1, 5);
    }
  });

  it('leaves a slice alone that has no neighbor, and never changes what it was given', () => {
    const given = slice(10, 2);
    expect(smoothAcross(given, [], 3)).toEqual(given.logits);
    smoothAcross(given, [slice(10, -2)], 3);
    expect(given).toEqual(slice(10, 2));
  });

  it('compares places, not whole slices', () => {
    const here = slice(0, 0);
    here.gray.fill(255, 6);
    const smoothed = smoothAcross(here, [slice(0, 4)], 3);
    expect(smoothed[0]).toBeGreaterThan(0.9);
    expect(smoothed[7]).toBeLessThan(0.01);
  });
});

test('an outline says more the deeper inside, up to a bound', () => {
  expect([...outlineLogits(Float32Array.of(-0.25, 0.5, 9), 0.5)]).toEqual([-1, 2, 4]);
});
