import { keptProbability } from './keptProbability';

describe('keptProbability', () => {
  it('returns the probabilities to four digits', () => {
    const values = Float32Array.of(0, 1e-5, 0.25, 0.5, 0.75, 0.99999, 1);
    const back = keptProbability(values)();
    values.forEach((value, i) => expect(back[i]).toBeCloseTo(value, 4));
    expect([back[0], back[6]]).toEqual([0, 1]);
  });

  it('keeps each value on its side of one half', () => {
    const back = keptProbability(Float32Array.of(0, 0.5 + 1e-7, 0.5, 0.5 - 1e-7, 0))();
    expect([...back].map(value => value > 0.5)).toEqual([false, true, false, false, false]);
  });
});
