import { inPlaneDiameters, type Diameters } from './diameters';

/** A mask from rows of `#` inside and `.` outside, measured. @param spacing mm between rows and columns */
function measured(rows: string[], [rowSpacing, columnSpacing] = [1, 1]): Diameters {
  const mask = Uint8Array.from(rows.join(''), character => Number(character === '#'));
  return inPlaneDiameters(mask, {
    ...{ rows: rows.length, columns: rows[0].length },
    ...{ rowSpacing, columnSpacing },
  })!;
}

/** Both diameters in mm. */
const mm = ({ longest, perpendicular }: Diameters) => [longest.mm, perpendicular.mm];

test('a bar is as long and as wide as its pixels', () => {
  const bar = measured(['......', '.####.', '......']);
  expect(mm(bar)).toEqual([4, 1]);
  expect(bar.longest.ends).toEqual([
    [0.5, 1],
    [4.5, 1],
  ]);
  const [from, to] = bar.perpendicular.ends;
  expect([from[1], to[1]].sort()).toEqual([0.5, 1.5]);
});

test('pixels that are not square count with their size', () => {
  const rows = ['......', '.####.', '.####.', '......'];
  // 4 columns of 0.5 mm, 2 rows of 3 mm: the longest is upright, across the middle columns.
  const block = measured(rows, [3, 0.5]);
  expect(block.longest.mm).toBeCloseTo(Math.hypot(2 * 3, 3 * 0.5), 10);
  // Exchanged spacings would give a bar of 12 mm.
  const exchanged = measured(rows, [0.5, 3]);
  expect(exchanged.longest.mm).toBeCloseTo(Math.hypot(4 * 3, 1 * 0.5), 10);
});

test('a single pixel, and one at the corner of the image', () => {
  expect(mm(measured(['...', '.#.', '...'], [2, 1.5]))).toEqual([2, 1.5]);
  expect(mm(measured(['#.', '..'], [2, 1.5]))).toEqual([2, 1.5]);
});

test('a disk is as wide as it is long, whatever its place', () => {
  const size = 101;
  const rows = Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (__, x) => (Math.hypot(x - 50, y - 48) <= 40 ? '#' : '.')).join(
      '',
    ),
  );
  const [long, short] = mm(measured(rows, [0.7, 0.7]));
  expect(long / 0.7).toBeCloseTo(81, 0);
  expect(short / 0.7).toBeCloseTo(81, 0);
  expect(short).toBeLessThanOrEqual(long);
});

test('pieces apart are measured one by one', () => {
  const two = measured(['###....##', '.........', '.......#.']);
  expect(mm(two)).toEqual([3, 1]);
});

test('pixels that touch at a corner are one piece', () => {
  expect(measured(['#..', '.#.', '..#']).longest.mm).toBeCloseTo(Math.hypot(2, 3), 10);
});

test('a hole and a notch are passed over', () => {
  const ring = measured(['.........', '.#######.', '.#.....#.', '.#######.', '.........']);
  const filled = measured(['.........', '.#######.', '.#######.', '.#######.', '.........']);
  expect(mm(ring)).toEqual(mm(filled));
});

test('the perpendicular is where the structure is widest, not at the middle of the longest', () => {
  const kite = measured([
    '...........',
    '..#........',
    '..#........',
    '##########.',
    '..#........',
    '..#........',
    '...........',
  ]);
  expect(mm(kite)).toEqual([10, 5]);
  expect(kite.perpendicular.ends.map(([column]) => column)).toEqual([2, 2]);
});

test('nothing is inside', () => {
  expect(
    inPlaneDiameters(new Uint8Array(6), { rows: 2, columns: 3, rowSpacing: 1, columnSpacing: 1 }),
  ).toBeNull();
});
