import { fitLogistic } from './logisticRegression';

describe('fitLogistic', () => {
  it('agrees with scikit-learn on shares', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [
      1,
      ((i * 37) % 41) / 20 - 1,
      ((i * 23) % 43) / 21 - 1,
    ]);
    const truth = rows.map(([, a, b], i) =>
      Math.min(1, Math.max(0, 0.5 + 0.6 * a - 0.3 * b + 0.1 * ((i % 5) - 2))),
    );
    const { weights, crossEntropy } = fitLogistic(rows, truth);
    // scikit-learn 1.5.2, LogisticRegression(fit_intercept=False, C=1), each row twice, weighted by its share.
    const [intercept, a, b] = weights;
    expect(intercept).toBeCloseTo(0.0176622, 5);
    expect(a).toBeCloseTo(1.83431453, 5);
    expect(b).toBeCloseTo(-0.75475381, 5);
    expect(crossEntropy).toBeCloseTo(0.47155066, 6);
  });

  it('stays finite where a predictor tells all', () => {
    const { weights, crossEntropy } = fitLogistic(
      [-2, -1, 1, 2].map(x => [1, x]),
      [0, 0, 1, 1],
    );
    expect(weights[1]).toBeGreaterThan(0.5);
    expect(weights[1]).toBeLessThan(5);
    expect(crossEntropy).toBeLessThan(0.4);
  });
});
