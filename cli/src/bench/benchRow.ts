import { acceptedUnchanged } from '../metrics/acceptance';
import type { Measures } from '../metrics/measures';
import type { BenchCase } from './suite';

/** Pixels of one test slice. */
export interface SliceFigures {
  /** Number of the test study, from 0, if the case has several. */
  test?: number;
  index: number;
  truth: number;
  predicted: number;
  intersection: number;
  /** The method's confidence in this slice, 0..1, if it gives one. */
  confidence?: number;
}

/** One test study of a case, identified by its position in the suite: file names may name a patient. */
export interface PatientFigures extends Measures {
  /** From 0. */
  test: number;
  slices: number;
}

/** One case segmented by one method. A segmentation that failed is a row too. */
export interface BenchRow extends Partial<Omit<Measures, 'volume_iou'>> {
  id: string;
  method: string;
  seed: number;
  /** Over all test slices together; null when the method does not support cases of this kind. */
  iou: number | null;
  dice: number | null;
  /** Mean over patients; null when the prediction or the truth of any patient is empty. */
  assd_mm: number | null;
  hd95_mm: number | null;
  /**
   * Fraction of the test slices with the structure that need no correction, see `acceptedUnchanged`; null
   * when there are none. Rows of earlier builds lack it: see `acceptedOf`.
   */
  accepted_unchanged?: number | null;
  /** Seconds. Embeddings from the cache take almost none: see `embeddings_from_cache`. */
  encode_s: number | null;
  fit_s: number | null;
  apply_s: number | null;
  /** Number of test slices. */
  slices: number;
  embeddings_from_cache: number;
  /** Peak memory of a process that did nothing else, MB. */
  peak_rss_mb: number | null;
  backend: string | null;
  per_slice: SliceFigures[];
  /** Rows of earlier builds lack this and the other `Measures`; null when `iou` is. */
  volume_iou?: number | null;
  /** One entry per test study; for a case within one study, one for that study. */
  patients?: PatientFigures[];
  /** Dice that the method predicted without the truth, if it gives one. */
  expected_dice?: number;
  machine: string;
  date: string;
  /** Hash of the program that computed the row. */
  build: string;
  error?: string;
}

/** The part of a case that tables and pictures need. */
export type CaseName = Pick<BenchCase, 'id' | 'kind'>;

/**
 * Returns the fraction of slices of a row that need no correction. Computes it from the figures per slice
 * for rows of earlier builds. A failure counts 0.
 *
 * @returns null when the method does not support the case, or no slice has the structure
 */
export function acceptedOf({
  accepted_unchanged,
  per_slice,
  iou,
  error,
}: Pick<BenchRow, 'accepted_unchanged' | 'per_slice' | 'iou' | 'error'>): number | null {
  if (iou === null) return null;
  if (accepted_unchanged !== undefined) return accepted_unchanged;
  return error === undefined ? acceptedUnchanged(per_slice) : 0;
}

/** Returns the key of a row; each key is computed once. */
export function rowKey({ id, method, seed }: Pick<BenchRow, 'id' | 'method' | 'seed'>): string {
  return JSON.stringify([id, method, seed]);
}
