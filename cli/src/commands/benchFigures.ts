import { dice, FewshotError, iou, type PropagatedSlice, sumOverlaps } from 'fewshot-sam';
import type { Evaluation } from './evaluate';
import { acceptedUnchanged } from '../metrics/acceptance';
import { measures } from '../metrics/measures';
import type { BenchRow } from '../bench/benchRow';

/** A test study: the result of a method and its comparison with the truth. */
export interface EvaluatedStudy {
  evaluation: Evaluation;
  slices: readonly Pick<PropagatedSlice, 'index' | 'confidence'>[];
  expectedDice?: number;
}

/** The figures of a row that come from the comparison with the truth. */
export type TruthFigures = Omit<
  BenchRow,
  | ('id' | 'method' | 'seed' | 'machine' | 'date' | 'build' | 'error')
  | ('encode_s' | 'fit_s' | 'apply_s' | 'embeddings_from_cache' | 'peak_rss_mb' | 'backend')
>;

/**
 * Computes the figures of one or more test studies of a case, overall and for each.
 *
 * @throws FewshotError `bad-result` when a confidence is not a number
 */
export function figuresOf(studies: readonly EvaluatedStudy[]): TruthFigures {
  for (const { expectedDice, slices } of studies) {
    checkNumbers([expectedDice, ...slices.map(({ confidence }) => confidence)]);
  }
  const evaluations = studies.map(({ evaluation }) => evaluation);
  const all = evaluations.flatMap(({ perSlice }) => perSlice);
  const overlap = sumOverlaps(all);
  return {
    iou: iou(overlap),
    dice: dice(overlap),
    assd_mm: meanOrNull(evaluations.map(({ assdMm }) => assdMm)),
    hd95_mm: meanOrNull(evaluations.map(({ hd95Mm }) => hd95Mm)),
    accepted_unchanged: acceptedUnchanged(all),
    ...measures(evaluations),
    patients: evaluations.map((one, test) => ({
      test,
      slices: one.perSlice.length,
      ...measures([one]),
    })),
    slices: all.length,
    per_slice: studies.flatMap(({ evaluation, slices }, test) => {
      const confidences = new Map(slices.map(({ index, confidence }) => [index, confidence]));
      return evaluation.perSlice.map(({ index, truth, predicted, intersection }) => ({
        ...(studies.length > 1 && { test }),
        ...{ index, truth, predicted, intersection },
        // JSON omits undefined.
        confidence: confidences.get(index),
      }));
    }),
    // The expected Dice of several volumes does not follow from theirs.
    expected_dice: studies.length === 1 ? studies[0].expectedDice : undefined,
  };
}

/** Returns null if any patient lacks a value: without it the mean would be too good. */
function meanOrNull(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum / values.length;
}

function checkNumbers(values: readonly (number | undefined)[]): void {
  const wrong = values.find(value => value !== undefined && !Number.isFinite(value));
  if (wrong === undefined) return;
  throw new FewshotError(
    'bad-result',
    `A confidence or the expected Dice is ${wrong}.`,
    'This is a bug in the method: please report it.',
  );
}
