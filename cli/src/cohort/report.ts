import path from 'node:path';
import { writeFileAside } from '../files/writeFileAside';
import { reportPage } from './reportPage';
import type { CohortRow, CohortSpec, Look, ReportRow, RowState } from './rows';

/** Below this expected Dice a row should be looked at. */
const LOW_DICE = 0.8;
/** Robust z-score from which a volume is unusual, and the number of volumes from which it is known. */
const UNUSUAL = 3.5;
const LEAST_VOLUMES = 8;
/** Standard deviation of a normal distribution in median absolute deviations. */
const MAD = 1.4826;

const ORDER: (Look | null)[] = [
  'failed',
  'nothing found',
  'low expected Dice',
  'unusual volume',
  null,
];
const STATES: RowState[] = ['stored', 'written', 'passed-over', 'waiting', 'cancelled', 'failed'];

/** Marks the rows that should be looked at, and puts them first, the most doubtful at the top. */
export function reportRows(rows: readonly CohortRow[]): ReportRow[] {
  const limits = volumeLimits(rows);
  const marked = rows.map(row => ({ ...row, look: lookOf(row, limits.get(row.taskSha256)) }));
  return marked.sort(
    (a, b) =>
      ORDER.indexOf(a.look) - ORDER.indexOf(b.look) ||
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      (a.expectedDice ?? 1) - (b.expectedDice ?? 1),
  );
}

function lookOf(row: CohortRow, limits: [number, number] | undefined): Look | null {
  const { state, slicesWithStructure, expectedDice, volumeMl } = row;
  if (state === 'failed') return 'failed';
  if (state !== 'stored' && state !== 'written') return null;
  if (slicesWithStructure === 0) return 'nothing found';
  if (expectedDice !== null && expectedDice < LOW_DICE) return 'low expected Dice';
  const isUnusual = limits && volumeMl !== null && (volumeMl < limits[0] || volumeMl > limits[1]);
  return isUnusual ? 'unusual volume' : null;
}

/** Usual volumes of each task, mL, by median and median absolute deviation. */
function volumeLimits(rows: readonly CohortRow[]): Map<string, [number, number]> {
  const volumes = new Map<string, number[]>();
  for (const { taskSha256, volumeMl, slicesWithStructure } of rows) {
    if (volumeMl === null || !slicesWithStructure) continue;
    volumes.set(taskSha256, [...(volumes.get(taskSha256) ?? []), volumeMl]);
  }
  const limits = new Map<string, [number, number]>();
  for (const [task, values] of volumes) {
    if (values.length < LEAST_VOLUMES) continue;
    const middle = median(values);
    const deviation = MAD * median(values.map(value => Math.abs(value - middle)));
    // Phantoms of one size deviate by rounding only.
    const reach = UNUSUAL * Math.max(deviation, 0.02 * middle);
    limits.set(task, [middle - reach, middle + reach]);
  }
  return limits;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/** Number of rows in each state. */
export function stateCounts(rows: readonly CohortRow[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of rows) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/**
 * Writes report.html, report.csv and report.json into the cohort's folder. They name studies by their UID
 * and date; no attribute of the patient is in them.
 *
 * @param viewer address of the viewer, for links
 * @throws FewshotError `bad-input` when they cannot be written
 */
export async function writeReport(
  out: string,
  spec: CohortSpec,
  all: Iterable<CohortRow>,
  viewer: string | undefined,
): Promise<void> {
  const rows = reportRows([...all]);
  const write = (name: string, content: string) =>
    writeFileAside('--out', path.join(out, name), content);
  await write('report.json', `${JSON.stringify(reportJson(spec, rows), null, 1)}\n`);
  await write('report.csv', reportCsv(rows));
  await write('report.html', reportPage(spec, rows, viewer));
}

/** The report without pictures, with the names of fields as in the CSV. */
function reportJson(
  { id, version, method, tasks }: CohortSpec,
  rows: readonly ReportRow[],
): object {
  return {
    cohort: id,
    version,
    method,
    tasks,
    counts: stateCounts(rows),
    rows: rows.map(row => ({
      ...Object.fromEntries(COLUMNS.map(([name, read]) => [name, read(row)])),
      notes: row.notes,
    })),
  };
}

const COLUMNS: [string, (row: ReportRow) => string | number | null][] = [
  ['study', row => row.study],
  ['study_date', row => row.studyDate],
  ['series', row => row.series],
  ['task', row => row.task],
  ['state', row => row.state],
  ['look_at_this', row => row.look],
  ['reason', row => row.reason],
  ['kind', row => row.kind],
  ['volume_ml', row => row.volumeMl],
  ['expected_dice', row => row.expectedDice],
  ['slices', row => row.slices],
  ['slices_with_structure', row => row.slicesWithStructure],
  ['embeddings_from_cache', row => row.embeddingsFromCache],
  ['file', row => row.file],
  ['seg_series', row => row.segSeries],
  ['seg_instance', row => row.segInstance],
  ['seconds', row => row.seconds],
  ['backend', row => row.backend],
];

/** The report as CSV (RFC 4180), in UTF-8. */
export function reportCsv(rows: readonly ReportRow[]): string {
  const line = (cells: readonly (string | number | null)[]) =>
    `${cells.map(csvCell).join(',')}\r\n`;
  return [
    line([...COLUMNS.map(([name]) => name), 'notes']),
    ...rows.map(row => line([...COLUMNS.map(([, read]) => read(row)), row.notes.join(' ')])),
  ].join('');
}

function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // Spreadsheets run text that begins like this as a formula.
  const text = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
