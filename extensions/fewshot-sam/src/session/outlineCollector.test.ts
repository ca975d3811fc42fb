import { FewshotError } from 'fewshot-sam';
import type { SegmentLabelmap } from '../viewer/labelmap';
import type { Viewer } from '../viewer/viewer';
import { OutlineCollector } from './outlineCollector';
import { SegmentationRecords } from './segmentationRecords';
import { DEFAULT_STORE_OPTIONS } from './storeOptions';
import { INITIAL_SNAPSHOT } from './snapshot';
import { SnapshotStore } from './snapshotStore';

/** Of a viewer that shows nothing. */
function collectingOf(): OutlineCollector {
  const viewer = { subscribe: () => () => undefined } as unknown as Viewer;
  const archive = {} as ConstructorParameters<typeof OutlineCollector>[3];
  const collecting = new OutlineCollector(
    viewer,
    new SnapshotStore(INITIAL_SNAPSHOT),
    new SegmentationRecords(),
    archive,
    () => new Map(),
    jest.fn(),
    jest.fn(),
  );
  collecting.dispose();
  return collecting;
}

describe('what a propagation wrote', () => {
  it.each([undefined, 'coronal' as const])('counts as drawn once it is taken over (%s)', plane => {
    const collecting = collectingOf();
    const reslice = plane && { plane: { name: plane } };
    const labelmap = { segmentationId: 'one', segmentIndex: 1, reslice } as SegmentLabelmap;
    const isPredicted = (slice: number, of = plane) =>
      collecting.predictedSlices('one', 1, of).has(slice);
    const digest = { count: 2, hash: 7 };
    collecting.notePredicted(
      labelmap,
      [3, 4],
      new Map([
        [3, digest],
        [4, digest],
      ]),
    );
    expect(isPredicted(3)).toBe(true);
    expect(isPredicted(3, 'sagittal' as never)).toBe(false);
    const back = collecting.forgetPredicted(labelmap, 3);
    expect([isPredicted(3), isPredicted(4)]).toEqual([false, true]);
    back();
    expect(isPredicted(3)).toBe(true);
  });
});

it('forgets what is known of a segmentation once it is gone from the viewer', async () => {
  let ids = ['one', 'two'];
  const viewer = {
    subscribe: () => () => undefined,
    series: () => {
      throw new FewshotError('bad-input', 'No series is shown.', 'Show one.');
    },
    shownSegmentations: () => [],
    segmentationExists: (id: string) => ids.includes(id),
    isFromArchive: () => false,
  } as unknown as Viewer;
  const archive = {
    noteOpened: async () => undefined,
    isCorrected: () => false,
    given: () => [],
    canStore: () => true,
    stored: { misread: () => null },
    storeOptions: { get: () => DEFAULT_STORE_OPTIONS },
  } as unknown as ConstructorParameters<typeof OutlineCollector>[3];
  const records = new SegmentationRecords();
  const collecting = new OutlineCollector(
    viewer,
    new SnapshotStore(INITIAL_SNAPSHOT),
    records,
    archive,
    () => new Map(),
    jest.fn(),
    jest.fn(),
  );
  const slices = new Map([[3, { count: 2, hash: 7 }]]);
  for (const segmentationId of ids) {
    collecting.notePredicted({ segmentationId, segmentIndex: 1 }, [3], slices);
  }
  await collecting.refresh();
  expect(records.size).toBe(2);
  ids = ['two'];
  await collecting.refresh();
  expect(records.size).toBe(1);
  expect(collecting.predictedSlices('two', 1).has(3)).toBe(true);
  expect(collecting.predictedSlices('one', 1).has(3)).toBe(false);
  collecting.dispose();
});

it('starts afresh when a new segment gets the index of a removed one', async () => {
  const digest = { count: 2, hash: 7 };
  let held: Map<number, typeof digest> | null = new Map([[3, digest]]);
  const forgotten: number[] = [];
  const viewer = {
    subscribe: () => () => undefined,
    series: () => ({
      ...{ displaySetInstanceUID: 'ct', modality: 'CT', imageIds: ['0', '1', '2', '3'] },
      ...{ rowSpacing: 1, columnSpacing: 1 },
      instances: [0, 1, 2, 3].map(z => ({
        ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
        ImagePositionPatient: [0, 0, z],
      })),
    }),
    segmentation: () => ({ segmentationId: 'one' }),
    segmentIndices: () => (held ? [1] : []),
    segments: () => (held ? [{ segmentIndex: 1, label: 'Liver', active: true }] : []),
    labelmap: () => ({ segmentationId: 'one', segmentIndex: 1, columns: 2 }),
    scan: async () => new Map([[1, held ?? new Map()]]),
    forgetMarks: ({ segmentIndex }: SegmentLabelmap) => forgotten.push(segmentIndex),
    readMask: () => null,
    currentSlice: () => 0,
    displayedWindow: () => null,
    shownSegmentations: () => [],
    segmentationExists: () => true,
  } as unknown as Viewer;
  const archive = {
    noteOpened: async () => undefined,
    isCorrected: () => false,
    given: () => [],
    canStore: () => true,
    stored: { misread: () => null },
    storeOptions: { get: () => DEFAULT_STORE_OPTIONS },
    terms: { termOf: () => null },
  } as unknown as ConstructorParameters<typeof OutlineCollector>[3];
  const records = new SegmentationRecords();
  const collecting = new OutlineCollector(
    viewer,
    new SnapshotStore(INITIAL_SNAPSHOT),
    records,
    archive,
    () => new Map(),
    jest.fn(),
    jest.fn(),
  );
  const segment = { segmentationId: 'one', segmentIndex: 1 };
  collecting.notePredicted(segment, [3], held);
  records.segment(segment).tracking = { id: 'Liver', uid: '2.25.1' };
  records.segment(segment).isFoundByTask = true;
  await collecting.refresh();
  expect(collecting.collected.segments[0].outlined).toEqual([]);

  held = null;
  collecting.changed('labels');
  held = new Map();
  collecting.changed('labels');
  // Drawn before the viewer was read again.
  held.set(2, { count: 4, hash: 9 });
  await collecting.refresh();
  expect(collecting.collected.segments[0].outlined).toEqual([2]);
  expect(records.segment(segment).tracking).toBeUndefined();
  expect(records.segment(segment).isFoundByTask).toBe(false);
  expect(collecting.predictedSlices('one', 1).size).toBe(0);
  expect(forgotten).toEqual([1]);
  collecting.dispose();
});
