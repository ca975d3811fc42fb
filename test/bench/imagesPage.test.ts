import type { BenchRow } from '../../cli/src/bench/benchRow';
import { imagesPage } from './imagesPage';

const row = (id: string, method: string, slice_iou: number, iou = slice_iou) =>
  ({ id, method, slice_iou, iou, date: '2026-12-01T10:00:00Z', machine: '2 cores' }) as BenchRow;

it('marks the best method that does not see the truth, for each structure and number of images', () => {
  const page = imagesPage([
    row('us/nerve/20', 'head', 0.2, 0.21),
    row('us/nerve/20', 'linear', 0.14),
    row('us/nerve/20', 'sam-box', 0.8),
    row('nuclei/5', 'head', 0.6),
    { ...row('nuclei/5', 'linear', 0), slice_iou: undefined },
  ]);
  const cells = page
    .split('\n')
    .filter(line => line.startsWith('|'))
    .map(line => line.split('|').map(cell => cell.trim()));
  expect(cells[0]).toEqual(['', 'Structure', 'n', 'head', 'linear', 'sam-box', '']);
  expect(cells[2]).toEqual([
    '',
    'us/nerve',
    '20',
    '**20.0 / 21.0**',
    '14.0 / 14.0',
    '80.0 / 80.0',
    '',
  ]);
  expect(cells[3]).toEqual(['', 'nuclei', '5', '**60.0 / 60.0**', '', '', '']);
});
