import type { Series } from '../viewer/series';
import type { Collected, CollectedSegment } from './collect';
import { OutlineChecks } from './outlineChecks';
import { SegmentationRecords } from './segmentationRecords';

const COLUMNS = 12;
/** Pixels of 2 x 0.5 mm. */
const series = { rowSpacing: 2, columnSpacing: 0.5 } as Series;

/** `#` is the structure. */
const SOLID = ['............', '.##########.', '.##########.', '.##########.', '............'];
const HOLED = ['............', '.##########.', '.#####..###.', '.##########.', '............'];
const RING = ['............', '.##########.', '.#........#.', '.##########.', '............'];
const SPECKLED = ['...........#', '.#########..', '.#########..', '.#########..', '............'];

const maskOf = (rows: string[]) => Uint8Array.from(rows.join(''), char => Number(char === '#'));

/** Segments as they were drawn, by slice. */
function drawn(...segments: Record<number, string[]>[]) {
  const reads: number[] = [];
  const collected = segments.map((slices, i) => ({
    ...{ segmentIndex: i + 1, label: `Segment ${i + 1}`, locked: false },
    inSet: Object.keys(slices).map(Number),
    labelmap: { segmentationId: 'one', segmentIndex: i + 1, columns: COLUMNS },
    slices: new Map(
      Object.entries(slices).map(([slice, rows]) => [
        Number(slice),
        {
          count: 1,
          hash: [...rows.join('')].reduce((sum, c, at) => sum + at * c.charCodeAt(0), 0),
        },
      ]),
    ),
  })) as unknown as CollectedSegment[];
  const readMask = ({ segmentIndex }: { segmentIndex: number }, slice: number) => {
    reads.push(slice);
    return maskOf(segments[segmentIndex - 1][slice]);
  };
  return { collected: { series, segments: collected } as unknown as Collected, readMask, reads };
}

const checksOf = (
  { readMask }: ReturnType<typeof drawn>,
  records: SegmentationRecords = new SegmentationRecords(),
) => new OutlineChecks({ readMask }, records);
const rows = (mask: Uint8Array) =>
  Array.from({ length: mask.length / COLUMNS }, (_, row) =>
    [...mask.subarray(row * COLUMNS, (row + 1) * COLUMNS)].map(v => (v ? '#' : '.')).join(''),
  );

test('says on which slices there are holes and specks, and how large they are', async () => {
  const page = drawn({ 3: SOLID, 5: HOLED, 8: SPECKLED });
  const checks = checksOf(page);
  expect(await checks.warnings(page.collected)).toEqual([
    {
      ...{ segmentIndex: 1, label: 'Segment 1', kind: 'holes', locked: false, isRing: false },
      slices: [{ sliceIndex: 5, count: 1, pixels: 2, areaMm2: 2 }],
    },
    {
      ...{ segmentIndex: 1, label: 'Segment 1', kind: 'specks', locked: false, isRing: false },
      slices: [{ sliceIndex: 8, count: 1, pixels: 1, areaMm2: 1 }],
    },
  ]);
});

test('fills holes or removes specks, and leaves what was read as it was', async () => {
  const page = drawn({ 5: HOLED, 8: SPECKLED });
  const checks = checksOf(page);
  const [segment] = page.collected.segments;
  const filled = await checks.fixed(page.collected, segment, 'holes');
  expect([...filled].map(([slice, mask]) => [slice, rows(mask)])).toEqual([[5, SOLID]]);
  const cleaned = await checks.fixed(page.collected, segment, 'specks');
  expect([...cleaned.keys()]).toEqual([8]);
  expect(rows(cleaned.get(8)!)[0]).toBe('............');
  expect((await checks.warnings(page.collected)).map(({ kind }) => kind)).toEqual([
    'holes',
    'specks',
  ]);
});

test('a hole that another segment fills is none', async () => {
  const lesion = ['............', '............', '......##....', '............', '............'];
  const page = drawn({ 5: HOLED }, { 5: lesion });
  expect(await checksOf(page).warnings(page.collected)).toEqual([]);
});

test('a structure with a large hole on every slice may be a ring: it is asked about once', async () => {
  const page = drawn({ 3: RING, 5: RING });
  const more = drawn({ 3: RING, 5: RING, 9: RING });
  const checks = checksOf(more);
  const [warning] = await checks.warnings(page.collected);
  expect(warning.isRing).toBe(true);
  checks.keep(page.collected.segments[0], warning);
  expect(await checks.warnings(page.collected)).toEqual([]);
  expect(await checks.warnings(more.collected)).toEqual([]);
});

test('one large hole beside solid outlines is no ring', async () => {
  const page = drawn({ 3: RING, 5: SOLID });
  expect((await checksOf(page).warnings(page.collected))[0].isRing).toBe(false);
});

test('a single hole that belongs there is not warned of again; one on another slice is', async () => {
  const page = drawn({ 3: SOLID, 5: HOLED });
  const more = drawn({ 3: SOLID, 5: HOLED, 6: HOLED });
  const checks = checksOf(more);
  checks.keep(page.collected.segments[0], (await checks.warnings(page.collected))[0]);
  expect(await checks.warnings(page.collected)).toEqual([]);
  expect(await checks.fixed(page.collected, page.collected.segments[0], 'holes')).toEqual(
    new Map(),
  );
  const [warning] = await checks.warnings(more.collected);
  expect(warning.slices.map(({ sliceIndex }) => sliceIndex)).toEqual([6]);
});

test('a slice is looked at again only after something on it has changed', async () => {
  const page = drawn({ 3: SOLID, 5: HOLED });
  const checks = checksOf(page);
  await checks.warnings(page.collected);
  expect(page.reads).toEqual([3, 5]);
  await checks.warnings(page.collected);
  expect(page.reads).toEqual([3, 5]);
  const { collected } = drawn({ 3: SOLID, 5: RING });
  await checks.warnings(collected);
  expect(page.reads).toEqual([3, 5, 5]);
});

test('removing the segmentation forgets which holes the user wants, and what was checked', async () => {
  const page = drawn({ 3: SOLID, 5: HOLED });
  const records = new SegmentationRecords();
  const checks = checksOf(page, records);
  checks.keep(page.collected.segments[0], (await checks.warnings(page.collected))[0]);
  const [segment] = page.collected.segments;
  expect([...records.plane(segment.labelmap, undefined).checked.keys()]).toEqual([3, 5]);
  expect(await checks.warnings(page.collected)).toEqual([]);
  records.prune({ segmentationExists: () => false, isFromArchive: () => false });
  expect(records.size).toBe(0);
  expect(await checks.warnings(page.collected)).toHaveLength(1);
  expect(page.reads).toEqual([3, 5, 3, 5]);
});
