import { acceptedUnchanged } from '../metrics/acceptance';
import type { Measures } from '../metrics/measures';
import type { BenchCase } from './suite';

/** Pixels of one test slice. */
export interface SliceFigures {
  /** Which of several test studies of the case it is of, from 0; missing where there is one. */
  test?: number;
  index: number;
  truth: number;
  predicted: number;
  intersection: number;
  /** How sure the method is of this slice, where it says so. */
  confidence?: number;
}

/** One test study of a case, named by its place in the suite: names of files may name a patient. */
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
  /** Over all test slices together; null when the method cannot do cases of this kind at all. */
  iou: number | null;
  dice: number | null;
  /** Null when the prediction or the truth is empty, of any patient; of several patients the mean. */
  assd_mm: number | null;
  hd95_mm: number | null;
  /**
   * Share of the test slices holding the structure that need no correction, see `acceptedUnchanged`; null
   * when none holds it. Rows of earlier builds lack it: see `acceptedOf`.
   */
  accepted_unchanged?: number | null;
  /** Seconds. Embeddings that came from the cache cost next to nothing: see `embeddings_from_cache`. */
  encode_s: number | null;
  fit_s: number | null;
  apply_s: number | null;
  /** Test slices. */
  slices: number;
  embeddings_from_cache: number;
  /** Of a process that did nothing else. */
  peak_rss_mb: number | null;
  backend: string | null;
  per_slice: SliceFigures[];
  /** Rows of earlier builds lack this and the others of `Measures`; null as `iou` is. */
  volume_iou?: number | null;
  /** Of each test study; of the one study of a case within one. */
  patients?: PatientFigures[];
  /** Dice that the method expected without seeing the truth, where it says so. */
  expected_dice?: number;
  machine: string;
  date: string;
  /** Hash of the program that computed the row. */
  build: string;
  error?: string;
}

/** What a table or a picture must know of a case. */
export type CaseName = Pick<BenchCase, 'id' | 'kind'>;

/**
 * The share of slices of a row that need no correction, also of a row that an earlier build wrote without
 * it: what each slice holds is in every row. A failure counts 0.
 *
 * @returns null when the method cannot do the case, or no slice holds the structure
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

/** A row is computed once for each key. */
export function rowKey({ id, method, seed }: Pick<BenchRow, 'id' | 'method' | 'seed'>): string {
  return JSON.stringify([id, method, seed]);
}
