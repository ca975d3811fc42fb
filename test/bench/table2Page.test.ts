import { failed, row } from '../../cli/src/bench/testRows';
import { table2Page } from './table2Page';

const measured = (id: string, method: string, slice: number, volume: number) =>
  row(id, method, { slice_iou: slice, slice_assd_mm: 2, volume_iou: volume });

it('averages over structures, for each method and number of slices', () => {
  const page = table2Page(
    [
      measured('ct/liver/5', 'head', 0.5, 0.6),
      measured('ct/aorta/5', 'head', 0.3, 0.2),
      measured('ct/liver/20', 'head', 0.7, 0.8),
      measured('ct/liver/5', 'paper', 0.4, 0.1),
      failed('ct/aorta/5', 'paper', 'out of memory'),
    ],
    5,
  );
  const lines = page.split('\n').filter(line => line.startsWith('|'));
  const cells = (line: string) =>
    line
      .split('|')
      .map(cell => cell.trim())
      .filter(Boolean);
  expect(cells(lines[0]).slice(5, 7)).toEqual(['liver (slice / volume)', 'aorta (slice / volume)']);
  expect(cells(lines[2]).slice(0, 7)).toEqual([
    '5',
    'head',
    '40.0',
    '2.0',
    '40.0',
    '50 / 60',
    '30 / 20',
  ]);
  expect(cells(lines[3]).slice(0, 5)).toEqual(['5', 'paper', '40.0', '2.0', '10.0']);
  expect(cells(lines[4]).slice(0, 5)).toEqual(['20', 'head', '70.0', '2.0', '80.0']);
});
