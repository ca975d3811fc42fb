import { ranks, spearman } from './correlation';

describe('ranks', () => {
  it('gives equal values the mean of their ranks', () => {
    expect(ranks([30, 10, 20])).toEqual([3, 1, 2]);
    expect(ranks([5, 1, 5, 5, 9])).toEqual([3, 1, 3, 3, 5]);
    expect(ranks([-Infinity, Infinity, 0])).toEqual([1, 3, 2]);
    expect(ranks([])).toEqual([]);
  });
});

describe('spearman', () => {
  it('is 1 for any rising relation and -1 for any falling one', () => {
    expect(spearman([1, 2, 3, 4], [1, 10, 100, 1e6])).toBeCloseTo(1, 12);
    expect(spearman([1, 2, 3, 4], [0, -1, -50, -51])).toBeCloseTo(-1, 12);
  });

  it('agrees with the formula 1 - 6 sum(d^2) / (n (n^2 - 1)) where nothing is equal', () => {
    // Hours of television against IQ: the textbook example, -29/165.
    const iq = [106, 100, 86, 101, 99, 103, 97, 113, 112, 110];
    const hours = [7, 27, 2, 50, 28, 29, 20, 12, 6, 17];
    expect(spearman(iq, hours)).toBeCloseTo(-29 / 165, 12);
  });

  it('takes Pearson’s correlation of the ranks where values are equal', () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: covariance 4.5, variances 4.5 and 5.
    expect(spearman([1, 2, 2, 3], [1, 3, 2, 4])).toBeCloseTo(4.5 / Math.sqrt(4.5 * 5), 12);
  });

  it('is undefined where one side says nothing', () => {
    expect(spearman([1, 1, 1], [1, 2, 3])).toBeNull();
    expect(spearman([1], [2])).toBeNull();
    expect(spearman([], [])).toBeNull();
  });

  it('refuses what cannot be paired or ordered', () => {
    expect(() => spearman([1, 2], [1])).toThrow('2 values');
    expect(() => spearman([1, NaN], [1, 2])).toThrow('not a number');
  });
});
