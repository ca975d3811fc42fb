import { spearman } from '../metrics/correlation';
import { dice } from 'fewshot-sam';
import type { BenchRow, CaseName } from './benchRow';

/** The rows of one benchmark, by case and method. */
export class Results {
  private readonly byName: Map<string, BenchRow>;

  /** @param rows of one seed; those of other cases and methods are ignored */
  constructor(
    readonly cases: readonly CaseName[],
    readonly methods: readonly string[],
    rows: readonly BenchRow[],
  ) {
    this.byName = new Map(rows.map(row => [`${row.method} ${row.id}`, row]));
  }

  row(id: string, method: string): BenchRow | undefined {
    return this.byName.get(`${method} ${id}`);
  }

  /** Returns undefined when it was not computed, null when the method does not support such cases. */
  iou(id: string, method: string): number | null | undefined {
    return this.row(id, method)?.iou;
  }

  rowsOf(method: string): BenchRow[] {
    return this.cases.flatMap(({ id }) => this.row(id, method) ?? []);
  }

  ofKind(kind: CaseName['kind']): CaseName[] {
    return this.cases.filter(one => one.kind === kind);
  }

  /** Returns the mean over the cases that have a value, and their number; null when none has. */
  mean(
    method: string,
    kind: CaseName['kind'],
    value: (row: BenchRow) => number | null = ({ iou }) => iou,
  ): { mean: number; cases: number } | null {
    const values = this.ofKind(kind).flatMap(({ id }) => {
      const row = this.row(id, method);
      return (row && value(row)) ?? [];
    });
    return values.length === 0 ? null : { mean: mean(values), cases: values.length };
  }

  /** Returns the IoU of one method minus that of another, for each case that both have done. */
  differences(kind: CaseName['kind'], method: string, other: string) {
    return this.ofKind(kind).flatMap(({ id }) => {
      const [a, b] = [this.iou(id, method), this.iou(id, other)];
      return typeof a === 'number' && typeof b === 'number' ? [{ id, difference: a - b }] : [];
    });
  }
}

export interface Advantage {
  other: string;
  /** Mean difference of IoU over the cases that both methods have done. */
  difference: number;
  cases: number;
}

/** Compares a method with the best of the others. */
export function advantageOverBest(
  results: Results,
  kind: CaseName['kind'],
  method: string,
  others: readonly string[],
): Advantage | null {
  const advantages = others
    .filter(other => other !== method)
    .flatMap((other): Advantage[] => {
      const differences = results.differences(kind, method, other);
      if (differences.length === 0) return [];
      const difference = mean(differences.map(({ difference }) => difference));
      return [{ other, difference, cases: differences.length }];
    });
  return advantages.reduce<Advantage | null>(
    (best, one) => (best === null || one.difference < best.difference ? one : best),
    null,
  );
}

/** Returns the case where a method does worst against another. */
export function worstCase(results: Results, method: string, other: string) {
  return results
    .differences('within', method, other)
    .reduce<{ id: string; difference: number } | null>(
      (worst, one) => (worst === null || one.difference < worst.difference ? one : worst),
      null,
    );
}

/**
 * Returns Spearman's correlation of a method's confidence with the true Dice, over all test slices of all
 * rows: whether it knows on which slices it is wrong.
 *
 * @returns null when no row has confidences
 */
export function confidenceCorrelation(
  rows: readonly BenchRow[],
): { spearman: number | null; slices: number } | null {
  const slices = rows.flatMap(row =>
    row.per_slice.flatMap(slice =>
      slice.confidence === undefined ? [] : [{ confidence: slice.confidence, dice: dice(slice) }],
    ),
  );
  if (slices.length === 0) return null;
  return {
    spearman: spearman(
      slices.map(({ confidence }) => confidence),
      slices.map(slice => slice.dice),
    ),
    slices: slices.length,
  };
}

/**
 * Returns the mean of |expected - true Dice| over the rows with an expected Dice; null when there are none.
 */
export function expectedDiceError(
  rows: readonly BenchRow[],
): { error: number; cases: number } | null {
  const errors = rows.flatMap(({ expected_dice, dice }) =>
    expected_dice === undefined || dice === null ? [] : [Math.abs(expected_dice - dice)],
  );
  return errors.length === 0 ? null : { error: mean(errors), cases: errors.length };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
