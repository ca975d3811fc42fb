import { FewshotError } from 'fewshot-sam';
import type { Collected } from './collect';
import type { Measured, Measuring } from './measuring';
import type { ReportStorage } from './reportStorage';
import { reportObstacle } from './results';
import { ResultsController } from './resultsController';
import { INITIAL_SNAPSHOT } from './snapshot';
import { DEFAULT_STORE_OPTIONS } from './storeOptions';
import type { SessionSnapshot } from './state';

/** A segmentation with one segment. @param hash of its voxels; null without any */
const collectedOf = (segmentationId: string, hash: number | null = 0) =>
  ({
    series: { displaySetInstanceUID: 'ct' },
    segmentation: { segmentationId },
    segments: [
      {
        ...{ segmentIndex: 1, label: 'Liver', color: [1, 2, 3] },
        slices: new Map(hash === null ? [] : [[3, { count: 9, hash }]]),
      },
    ],
    obstacle: null,
  }) as unknown as Collected;
const measuredAs = (voxels: number) =>
  ({
    structures: [{ segmentIndex: 1, label: 'Liver', measurements: { voxels } }],
    ...{ unit: 'HU', plane: 'axial' },
  }) as unknown as Measured;

/** A controller whose measurements end when the test says so. */
function controllerOf(store: ReportStorage['store'] = async () => stored) {
  let session: Partial<SessionSnapshot> = INITIAL_SNAPSHOT;
  const waiting: { end(measured: Measured): Promise<void>; signal: AbortSignal }[] = [];
  const measure: Measuring['measure'] = (_collected, _onProgress, signal) =>
    new Promise(resolve => {
      const end = async (measured: Measured) => {
        resolve(measured);
        await new Promise(process.nextTick);
      };
      waiting.push({ end, signal });
    });
  const results = new ResultsController(
    { measure },
    { store },
    { get: () => session as SessionSnapshot },
  );
  const change = (now: Partial<SessionSnapshot>) => (session = { ...session, ...now });
  return { results, waiting, change, state: () => results.getSnapshot().state };
}
const stored = { seriesDescription: 'Measurements: Liver', confirmed: true };
const finished = { result: { structures: [] } };

it('offers to measure what has voxels, and measures when asked', async () => {
  const { results, waiting, state } = controllerOf();
  results.follow(collectedOf('one', null));
  expect(state()).toBe('none');
  results.follow(collectedOf('one'));
  expect(state()).toBe('offered');
  results.measure();
  expect(state()).toBe('measuring');
  await waiting[0].end(measuredAs(9));
  expect(results.getSnapshot()).toMatchObject({ state: 'measured', unit: 'HU' });
  results.follow(collectedOf('one'));
  expect(waiting).toHaveLength(1);
});

it('measures by itself after a review, and again after a stroke; the last one counts', async () => {
  const { results, waiting, change } = controllerOf();
  change(finished);
  results.follow(collectedOf('one'));
  results.follow(collectedOf('one', 1));
  expect(waiting.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await waiting[1].end(measuredAs(10));
  await waiting[0].end(measuredAs(9));
  expect(results.getSnapshot().structures[0].measurements.voxels).toBe(10);
});

it('waits while a review is open', () => {
  const { results, waiting, change } = controllerOf();
  change({ status: 'review' });
  results.follow(collectedOf('one'));
  change({ status: 'collecting', ...finished });
  expect(waiting).toEqual([]);
  results.follow(collectedOf('one'));
  expect(waiting).toHaveLength(1);
});

it('forgets the results of another segmentation', async () => {
  const { results, waiting, state } = controllerOf();
  results.follow(collectedOf('one'));
  results.measure();
  results.follow(collectedOf('two'));
  expect(state()).toBe('offered');
  await waiting[0].end(measuredAs(9));
  expect(state()).toBe('offered');
});

it('stores one report at a time, and says when it holds earlier figures', async () => {
  const ends: (() => void)[] = [];
  const { results, waiting } = controllerOf(
    () => new Promise(resolve => ends.push(() => resolve(stored))),
  );
  results.follow(collectedOf('one'));
  results.measure();
  await waiting[0].end(measuredAs(9));
  const stores = results.storeReport();
  await results.storeReport();
  expect(ends).toHaveLength(1);
  results.follow(collectedOf('one', 1));
  await waiting[1].end(measuredAs(10));
  ends[0]();
  await stores;
  expect(results.getSnapshot().report).toEqual({ state: 'stored', ...stored, isChanged: true });
});

it('says why a report was not stored', async () => {
  const { results, waiting } = controllerOf(async () => {
    throw new FewshotError('bad-result', 'Refused.', 'Ask.');
  });
  results.follow(collectedOf('one'));
  results.measure();
  await waiting[0].end(measuredAs(9));
  await results.storeReport();
  expect(results.getSnapshot().report).toEqual({
    ...{ state: 'failed', message: 'Refused.', remedy: 'Ask.' },
  });
});

it('stores a report only of the segmentation in the archive', () => {
  const inArchive = { state: 'stored', ...stored, isChanged: false } as const;
  const reason = (store: SessionSnapshot['store'], canStore = true) =>
    reportObstacle({ store, canStore, storeOptions: DEFAULT_STORE_OPTIONS });
  const asContours = { ...DEFAULT_STORE_OPTIONS, format: 'rtstruct' } as const;
  expect(reportObstacle({ store: inArchive, canStore: true, storeOptions: asContours })).toContain(
    'refers to a DICOM SEG',
  );
  expect(reason(inArchive)).toBeNull();
  expect(reason(inArchive, false)).toContain('does not accept');
  expect(reason({ state: 'idle' })).toContain('store that first');
  expect(reason({ ...inArchive, isChanged: true })).toContain('store it again');
  expect(reason({ ...inArchive, hasOtherUids: true })).toContain('changed the UIDs');
  expect(reason({ ...inArchive, confirmed: false })).toContain('does not show');
});
