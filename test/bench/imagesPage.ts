import type { BenchRow } from '../../cli/src/bench/benchRow';
import { markdownTable } from '../../cli/src/bench/table';

/** What a case's id names: the structure, and how many images of it are learned. */
function partsOf({ id }: Pick<BenchRow, 'id'>): { structure: string; n: number } | null {
  const match = /^(.+)\/(\d+)$/.exec(id);
  return match && { structure: match[1], n: Number(match[2]) };
}

const SEES_TRUTH = ['sam-point', 'sam-box'];

/**
 * Renders rows of single images: a line for each structure and number of images, a column for each method. The
 * best of the methods that do not see the truth is bold.
 */
export function imagesPage(rows: readonly BenchRow[]): string {
  const known = rows.flatMap(row => {
    const parts = partsOf(row);
    return parts && typeof row.slice_iou === 'number' ? [{ ...row, ...parts }] : [];
  });
  const methods = [...new Set(known.map(({ method }) => method))];
  const lines = [...new Set(known.map(({ structure, n }) => `${structure} ${n}`))];
  const cells = lines.map(line => {
    const of = known.filter(({ structure, n }) => `${structure} ${n}` === line);
    const blind = of.filter(({ method }) => !SEES_TRUTH.includes(method));
    const best = Math.max(...blind.map(({ slice_iou }) => slice_iou ?? 0));
    return [
      of[0].structure,
      `${of[0].n}`,
      ...methods.map(method => {
        const row = of.find(one => one.method === method);
        if (!row) return '';
        const text = `${(100 * (row.slice_iou ?? 0)).toFixed(1)} / ${(100 * (row.iou ?? 0)).toFixed(1)}`;
        return blind.includes(row) && row.slice_iou === best ? `**${text}**` : text;
      }),
    ];
  });
  const dates = known.map(({ date }) => date.slice(0, 10)).sort();
  const machines = [...new Set(known.map(({ machine }) => machine))].join('; ');
  const span = [...new Set([dates[0], dates[dates.length - 1]])].filter(Boolean).join(' to ');
  return [
    '# Single images: some labeled, others segmented\n',
    `${span || 'No rows'}; ${machines}. Written by \`npm run bench:images\`.\n`,
    markdownTable([['Structure', 'n', ...methods], ...cells]),
    'IoU in %: mean of the images that show the structure / all pixels of all images together. n: labeled images. Bold: the best that does not see the truth, which sam-point and sam-box do. Electron microscopy: quarters of micrographs, rats apart. Nuclei: fluorescence and stained tissue together.\n',
  ].join('\n');
}
