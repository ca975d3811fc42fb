import { isMethodName, methodEntry } from '../methods/registry';
import { acceptedOf, type BenchRow, type CaseName } from './benchRow';
import {
  advantageOverBest,
  confidenceCorrelation,
  expectedDiceError,
  worstCase,
  type Results,
} from './summary';

const NOT_DONE = '';
const NOT_POSSIBLE = '–';
const FAILED = ' !';

const FAST = 'context-fast';

/** Methods of this project to compare with the others, by kind of case. */
const SUBJECTS = [
  ['within', 'context'],
  ['across', 'paper'],
  ['across', 'paper-context'],
] as const;

/** Returns variants of a method, which are not compared with each other. */
function variantsOf(subject: string): string[] {
  return subject.startsWith('paper') ? ['paper', 'paper-context'] : ['context', FAST];
}

export const KIND_NAMES: Record<CaseName['kind'], string> = {
  within: 'within one study',
  across: 'across studies',
};

/** Returns the IoU table as text cells: a row per case and a column per method, with the means below. */
export function iouCells(results: Results): string[][] {
  const lines = [['IoU', ...results.methods]];
  for (const kind of ['within', 'across'] as const) {
    const cases = results.ofKind(kind);
    if (cases.length === 0) continue;
    for (const { id } of cases) {
      lines.push([id, ...results.methods.map(method => iouCell(results.row(id, method)))]);
    }
    lines.push([
      `mean ${KIND_NAMES[kind]}`,
      ...results.methods.map(method => {
        const found = results.mean(method, kind);
        if (!found) return NOT_POSSIBLE;
        const isPart = found.cases < cases.length;
        return found.mean.toFixed(4) + (isPart ? ` (${found.cases} of ${cases.length})` : '');
      }),
    ]);
  }
  return lines;
}

function iouCell(row: BenchRow | undefined): string {
  if (!row) return NOT_DONE;
  if (row.iou === null) return NOT_POSSIBLE;
  return row.iou.toFixed(4) + (row.error === undefined ? '' : FAILED);
}

/** Returns a table of each method's accuracy and cost: means over the cases of one kind. */
export function methodCells(results: Results, kind: CaseName['kind']): string[][] {
  const figure = (method: string, digits: number, value: (row: BenchRow) => number | null) =>
    results.mean(method, kind, value)?.mean.toFixed(digits) ?? NOT_POSSIBLE;
  return [
    [
      ...['Method', 'IoU', 'Dice', 'accepted', 'ASSD mm', 'HD95 mm'],
      ...['encode s', 'fit s', 'apply s', 'peak MB'],
    ],
    ...results.methods.map(method => [
      method,
      figure(method, 4, row => row.iou),
      figure(method, 4, row => row.dice),
      figure(method, 4, acceptedOf),
      figure(method, 2, row => row.assd_mm),
      figure(method, 2, row => row.hd95_mm),
      figure(method, 1, row => row.encode_s),
      figure(method, 1, row => row.fit_s),
      figure(method, 1, row => row.apply_s),
      figure(method, 0, row => row.peak_rss_mb),
    ]),
  ];
}

export const ACROSS_MEASURES =
  'Across studies. Slices: mean and standard deviation over slices that show the structure. Missed: slices of these on which nothing was found; they have no ASSD. Volumes: all slices of a patient together, including empty ones; mean over patients, then each.';

/** Returns both measures of the cases across studies, in % and mm: a row per case and method. */
export function acrossCells(results: Results): string[][] {
  const header = ['Case', 'method', 'slice IoU %', 'slice ASSD mm', 'missed', 'volume IoU %'];
  const lines = [[...header, 'patients']];
  for (const { id } of results.ofKind('across')) {
    for (const method of results.methods) {
      const row = results.row(id, method);
      if (typeof row?.volume_iou !== 'number' || !row.patients?.length) continue;
      lines.push([
        ...[id, method],
        spread(row.slice_iou, row.slice_iou_sd, 100),
        spread(row.slice_assd_mm, row.slice_assd_sd_mm, 1),
        `${row.slices_missed} of ${row.slices_with_structure}`,
        (100 * row.volume_iou).toFixed(1),
        row.patients.map(({ volume_iou }) => (100 * volume_iou).toFixed(0)).join(' '),
      ]);
    }
  }
  return lines;
}

function spread(mean: number | null | undefined, deviation: number | null | undefined, by: number) {
  if (typeof mean !== 'number' || typeof deviation !== 'number') return NOT_POSSIBLE;
  return `${(by * mean).toFixed(1)} ± ${(by * deviation).toFixed(1)}`;
}

/** Returns comparisons and checks, one per line. */
export function checks(results: Results): string[] {
  const lines: string[] = [];
  const promptedWithTruth = results.methods.filter(
    name => isMethodName(name) && methodEntry(name).needsTruth,
  );
  for (const [kind, subject] of SUBJECTS) {
    const others = results.methods.filter(
      name => !promptedWithTruth.includes(name) && !variantsOf(subject).includes(name),
    );
    const best = advantageOverBest(results, kind, subject, others);
    if (best) {
      lines.push(
        `${subject} less the best other method (${best.other}), mean IoU ${KIND_NAMES[kind]}: ${signed(best.difference)} (${cases(best.cases)})`,
      );
    }
    for (const prompted of promptedWithTruth) {
      const against = advantageOverBest(results, kind, subject, [prompted]);
      if (against) {
        lines.push(
          `${subject} less ${prompted}, which sees the truth, ${KIND_NAMES[kind]}: ${signed(against.difference)} (${cases(against.cases)})`,
        );
      }
    }
  }
  const worst = worstCase(results, 'context', 'interpolate');
  if (worst)
    lines.push(`context less interpolate, worst case: ${signed(worst.difference)} (${worst.id})`);
  const fast = results.differences('within', FAST, 'context');
  if (fast.length > 0) {
    const mean = fast.reduce((sum, { difference }) => sum + difference, 0) / fast.length;
    lines.push(
      `${FAST} less context, mean IoU ${KIND_NAMES.within}: ${signed(mean)} (${cases(fast.length)})`,
    );
  }
  for (const method of results.methods) {
    const rows = results.rowsOf(method);
    const confidence = confidenceCorrelation(rows);
    if (confidence) {
      lines.push(
        `${method}: Spearman correlation of confidence with true Dice ${confidence.spearman?.toFixed(3) ?? 'undefined'} (${confidence.slices} slices)`,
      );
    }
    const expected = expectedDiceError(rows);
    if (expected) {
      lines.push(
        `${method}: mean |expected - true Dice| ${expected.error.toFixed(4)} (${cases(expected.cases)})`,
      );
    }
  }
  return lines;
}

/** Returns every failed row with its reason. A case that a method does not support is no failure. */
export function failures(results: Results): string[] {
  return results.cases.flatMap(({ id }) =>
    results.methods.flatMap(method => {
      const row = results.row(id, method);
      if (row?.error === undefined || row.iou === null) return [];
      return [`${id} ${method}: ${row.error}`];
    }),
  );
}

/** Formats a table for a terminal: aligns the first column to the left, figures to the right. */
export function alignedText(lines: readonly string[][]): string {
  const widths = lines[0].map((_, column) => Math.max(...lines.map(line => line[column].length)));
  return lines
    .map(line =>
      line
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
        )
        .join('  ')
        .trimEnd(),
    )
    .map(line => `${line}\n`)
    .join('');
}

export function markdownTable([header, ...lines]: readonly string[][]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return row(header) + row(rule) + lines.map(row).join('');
}

function signed(value: number): string {
  return (value < 0 ? '-' : '+') + Math.abs(value).toFixed(4);
}

function cases(count: number): string {
  return count === 1 ? '1 case' : `${count} cases`;
}
