import type { BenchRow } from '../../cli/src/bench/benchRow';
import { markdownTable } from '../../cli/src/bench/table';

/** What a case's id names: the structure, and how many slices of it are learned. */
function partsOf({ id }: Pick<BenchRow, 'id'>): { structure: string; n: number } | null {
  const match = /^(?:.*\/)?([^/]+)\/(\d+)$/.exec(id);
  return match && { structure: match[1], n: Number(match[2]) };
}

/**
 * Renders rows across studies like Table 2 of Xie et al.: a row a method and number of slices. Means over
 * structures; where a structure was not run, the cell says how many were.
 *
 * @param emptySlices slices of each patient without the structure that `head` learned, too
 */
export function table2Page(rows: readonly BenchRow[], emptySlices: number): string {
  const known = rows.flatMap(row => {
    const parts = partsOf(row);
    return parts && typeof row.volume_iou === 'number' ? [{ ...row, ...parts }] : [];
  });
  const structures = [...new Set(known.map(({ structure }) => structure))];
  const groups = new Map<string, typeof known>();
  for (const row of known) {
    const key = `${row.method} ${row.n}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const sorted = [...groups.values()].sort(
    ([a], [b]) => a.n - b.n || a.method.localeCompare(b.method),
  );
  const mean = (of: typeof known, value: (row: BenchRow) => number | null | undefined) => {
    const values = of.map(value).filter(one => typeof one === 'number');
    return values.length ? values.reduce((sum, one) => sum + one, 0) / values.length : null;
  };
  const figure = (value: number | null, digits: number, by = 1) =>
    value === null ? '–' : (by * value).toFixed(digits);
  const cells = sorted.map(of => [
    `${of[0].n}`,
    of[0].method,
    figure(
      mean(of, row => row.slice_iou),
      1,
      100,
    ),
    figure(
      mean(of, row => row.slice_assd_mm),
      1,
    ),
    figure(
      mean(of, row => row.volume_iou),
      1,
      100,
    ),
    ...structures.map(structure => {
      const row = of.find(one => one.structure === structure);
      return row
        ? `${figure(row.slice_iou ?? null, 0, 100)} / ${figure(row.volume_iou!, 0, 100)}`
        : '';
    }),
    figure(
      mean(of, row => row.fit_s),
      0,
    ),
  ]);
  const dates = known.map(({ date }) => date.slice(0, 10)).sort();
  const machines = [...new Set(known.map(({ machine }) => machine))].join('; ');
  return [
    '# Some patients learned, others segmented\n',
    `${dates[0] ?? 'No rows'}${dates.length > 1 ? ` to ${dates[dates.length - 1]}` : ''}; ${machines}. Written by \`npm run bench:table2\`.\n`,
    markdownTable([
      [
        ...['n', 'Method', 'Slice IoU %', 'Slice ASSD mm', 'Volume IoU %'],
        ...structures.map(structure => `${structure} (slice / volume)`),
        'fit s',
      ],
      ...cells,
    ]),
    `Slices: mean over those that show the structure, as the paper measures. Volumes: all slices of a patient together, mean over patients. Means over the structures that were run. n: labeled slices; head also learned ${emptySlices} slices of each patient that do not show the structure. sam-point and sam-box see the truth.\n`,
  ].join('\n');
}
