import { FewshotError } from 'fewshot-sam';
import type { Viewer } from '../viewer/viewer';
import type { WorkerClient } from '../worker/client';
import type { OutlineCollector } from './outlineCollector';
import { RunController } from './runController';
import { INITIAL_SNAPSHOT } from './snapshot';
import { SnapshotStore } from './snapshotStore';
import type { ReviewState, SessionSnapshot } from './state';

function runningOf(store: SnapshotStore<SessionSnapshot>): RunController {
  const collecting = { refresh: async () => undefined } as OutlineCollector;
  return new RunController(
    {} as Viewer,
    {} as WorkerClient,
    store,
    collecting,
    async () => undefined,
    () => undefined,
  );
}

describe('a second run', () => {
  let store: SnapshotStore<SessionSnapshot>;
  beforeEach(() => {
    store = new SnapshotStore(INITIAL_SNAPSHOT);
    store.update({ status: 'review', review: {} as ReviewState });
  });
  const fail = () => {
    throw new FewshotError('bad-input', 'The segmentation was removed.', 'Add it again.');
  };

  it('goes back to the review it began in', async () => {
    await runningOf(store).perform(async () => undefined, 'review');
    expect(store.get().status).toBe('review');
    await runningOf(store).perform(async () => fail(), 'review');
    expect(store.get()).toMatchObject({
      status: 'review',
      failure: { message: 'The segmentation was removed.' },
    });
  });

  it('goes back to the outlines where the review was ended meanwhile', async () => {
    const end = () => store.update({ review: null });
    await runningOf(store).perform(async () => end(), 'review');
    expect(store.get().status).toBe('collecting');
    store.update({ status: 'review', review: {} as ReviewState });
    await runningOf(store).perform(async () => {
      end();
      fail();
    }, 'review');
    expect(store.get().status).toBe('collecting');
  });
});
