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
