import {
  advantageOverBest,
  confidenceCorrelation,
  expectedDiceError,
  Results,
  worstCase,
} from './summary';
import { CASES, failed, row } from './testRows';

const [liver, aorta, across] = CASES.map(({ id }) => id);
const METHODS = ['context', 'paper', 'interpolate'];
const results = new Results(CASES, METHODS, [
  row(liver, 'context', { iou: 0.9 }),
  row(aorta, 'context', { iou: 0.7 }),
  row(liver, 'paper', { iou: 0.8 }),
  failed(aorta, 'paper', 'The structure was found on none of the 15 slices.'),
  row(across, 'paper', { iou: 0.6 }),
  row(liver, 'interpolate', { iou: 0.8 }),
  row(aorta, 'interpolate', { iou: 0.75 }),
  failed(across, 'interpolate', 'cannot', null),
  row('ct/another', 'paper', { iou: 0.01 }),
]);

describe('Results', () => {
  it('means within and across apart; a failure counts 0, what cannot be done does not count', () => {
    expect(results.mean('context', 'within')).toEqual({ mean: 0.8, cases: 2 });
    expect(results.mean('paper', 'within')).toEqual({ mean: 0.4, cases: 2 });
    expect(results.mean('paper', 'across')).toEqual({ mean: 0.6, cases: 1 });
    expect(results.mean('interpolate', 'across')).toBeNull();
    expect(results.mean('context', 'across')).toBeNull();
  });

  it('means any other figure', () => {
    expect(results.mean('paper', 'within', ({ assd_mm }) => assd_mm)).toEqual({
      mean: 1.5,
      cases: 1,
    });
  });
});

describe('advantageOverBest', () => {
  it('compares with the best of the others', () => {
    const best = advantageOverBest(results, 'within', 'context', METHODS);
    expect(best).toEqual({ other: 'interpolate', difference: expect.closeTo(0.025), cases: 2 });
    expect(advantageOverBest(results, 'across', 'context', METHODS)).toBeNull();
  });

  it('compares only cases that both have done', () => {
    const halfDone = new Results(CASES, METHODS, [
      row(liver, 'context', { iou: 0.9 }),
      row(liver, 'paper', { iou: 0.8 }),
      row(aorta, 'paper', { iou: 0.1 }),
    ]);
    expect(advantageOverBest(halfDone, 'within', 'context', METHODS)).toEqual({
      other: 'paper',
      difference: expect.closeTo(0.1),
      cases: 1,
    });
  });
});

describe('worstCase', () => {
  it('finds where a method does worst against another', () => {
    expect(worstCase(results, 'context', 'interpolate')).toEqual({
      id: aorta,
      difference: expect.closeTo(-0.05),
    });
    expect(worstCase(results, 'context', 'nearest')).toBeNull();
  });
});

describe('confidenceCorrelation', () => {
  const slice = (
    confidence: number | undefined,
    intersection: number,
    predicted = 10,
    truth = 10,
  ) => ({
    index: 0,
    truth,
    predicted,
    intersection,
    confidence,
  });

  it('correlates over the slices of all rows together', () => {
    const rows = [
      row(liver, 'context', { per_slice: [slice(0.9, 10), slice(0.1, 1)] }),
      row(aorta, 'context', { per_slice: [slice(0.5, 6), slice(undefined, 0)] }),
    ];
    expect(confidenceCorrelation(rows)).toEqual({ spearman: expect.closeTo(1), slices: 3 });
  });

  it('takes a slice that is rightly empty for a perfect one', () => {
    const rows = [row(liver, 'context', { per_slice: [slice(0.2, 0, 0, 0), slice(0.8, 5)] })];
    expect(confidenceCorrelation(rows)?.spearman).toBeCloseTo(-1, 12);
  });

  it('is absent without confidences', () => {
    expect(
      confidenceCorrelation([row(liver, 'paper', { per_slice: [slice(undefined, 5)] })]),
    ).toBeNull();
  });
});

describe('expectedDiceError', () => {
  it('means over the rows that expect a Dice', () => {
    const rows = [
      row(liver, 'context', { dice: 0.9, expected_dice: 0.8 }),
      row(aorta, 'context', { dice: 0.5, expected_dice: 0.8 }),
      row(across, 'context', { dice: 0.5 }),
    ];
    expect(expectedDiceError(rows)).toEqual({ error: expect.closeTo(0.2), cases: 2 });
    expect(expectedDiceError([row(liver, 'paper')])).toBeNull();
  });
});
