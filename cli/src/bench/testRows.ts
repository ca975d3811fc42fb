import type { BenchRow, CaseName } from './benchRow';

/** Makes a row for the tests of this folder. */
export function row(id: string, method: string, change: Partial<BenchRow> = {}): BenchRow {
  return {
    id,
    method,
    seed: 0,
    iou: 0.5,
    dice: 2 / 3,
    assd_mm: 1.5,
    hd95_mm: 4,
    encode_s: 10,
    fit_s: 20,
    apply_s: 3,
    slices: 2,
    embeddings_from_cache: 0,
    peak_rss_mb: 900,
    backend: 'wasm (1 thread)',
    per_slice: [],
    machine: '2 cores',
    date: '2026-01-02T03:04:05.000Z',
    build: 'abc',
    ...change,
  };
}

export const failed = (id: string, method: string, error: string, iou: number | null = 0) =>
  row(id, method, { iou, dice: iou, assd_mm: null, hd95_mm: null, error });

export const CASES: CaseName[] = [
  { id: 'ct/liver/5', kind: 'within' },
  { id: 'ct/aorta/5', kind: 'within' },
  { id: 'ct1-to-ct2/liver/5', kind: 'across' },
];
