import { FewshotError } from 'fewshot-sam';
import type { Archive } from './archive';
import type { Collected } from './collect';
import { SegmentationRecords } from './segmentationRecords';
import type { StoreState } from './state';
import { StoreOptionMemory } from './storeOptions';
import { StoreController } from './storeController';

/** A segmentation with one segment. @param hash of its voxels */
const collectedOf = (segmentationId: string, hash = 0) =>
  ({
    series: null,
    segmentation: { segmentationId },
    segments: [{ segmentIndex: 1, label: 'One', slices: new Map([[3, { count: 9, hash }]]) }],
    obstacle: null,
  }) as unknown as Collected;
const liver = collectedOf('liver');
const changedLiver = collectedOf('liver', 1);
const spleen = collectedOf('spleen');
const looked = async () => liver;

/** A storing whose archive does what the test says; with what it showed, and told as stored. */
function storingTo(store: Archive['store']) {
  const shown: StoreState[] = [];
  const stored: Collected[] = [];
  let term: string | undefined;
  const archive = {
    store,
    explain: (error: FewshotError) => ({ message: error.message, remedy: error.remedy }),
    terms: { termOf: () => term && { term: { id: term } } },
    storeOptions: new StoreOptionMemory(null),
  } as unknown as Archive;
  const storing = new StoreController(
    archive,
    new SegmentationRecords(),
    state => shown.push(state),
    one => stored.push(one),
  );
  return { storing, shown, stored, choose: (id: string) => (term = id) };
}
const names = (shown: StoreState[]) =>
  shown.map(store => (store.state === 'storing' ? store.step.phase : store.state));
const inArchive = async () => ({ seriesDescription: 'Liver', confirmed: true });
const refused = async () => {
  throw new FewshotError('bad-result', 'Refused.', 'Ask.');
};

it('goes from making to stored', async () => {
  const { storing, shown, stored } = storingTo(async (_collected, onProgress) => {
    onProgress({ phase: 'sending', attempt: 1, attempts: 4, fraction: null });
    onProgress({ phase: 'confirming' });
    return inArchive();
  });
  await storing.store(looked);
  expect(names(shown)).toEqual(['making', 'sending', 'confirming', 'stored']);
  expect(stored).toEqual([liver]);
});

it('stores one at a time', async () => {
  let calls = 0;
  const { storing } = storingTo(async () => ({
    seriesDescription: String(++calls),
    confirmed: true,
  }));
  await Promise.all([storing.store(looked), storing.store(looked)]);
  expect(calls).toBe(1);
});

it('stops when it is told to, and says so', async () => {
  const { storing, shown, stored } = storingTo(
    (_collected, _onProgress, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new FewshotError('cancelled', '', '')));
      }),
  );
  const storesIt = storing.store(looked);
  await looked();
  storing.cancel();
  storing.cancel();
  await storesIt;
  expect(names(shown)).toEqual(['making', 'stopping', 'stopped']);
  expect(stored).toEqual([]);
});

it('says of each segmentation how storing it ended', async () => {
  const { storing, shown } = storingTo(refused);
  await storing.store(looked);
  const failure = { state: 'failed', message: 'Refused.', remedy: 'Ask.' };
  expect(shown.at(-1)).toEqual(failure);
  storing.follow(liver);
  storing.follow({ ...liver, segmentation: null });
  expect(shown.at(-1)).toEqual(failure);
  storing.follow(spleen);
  expect(shown.at(-1)).toEqual({ state: 'idle' });
  storing.follow(liver);
  expect(shown.at(-1)).toEqual(failure);
  storing.follow(changedLiver);
  expect(shown.at(-1)).toEqual({ state: 'idle' });
});

it('does not call stored what was drawn, or named, since', async () => {
  const { storing, shown, choose } = storingTo(inArchive);
  await storing.store(looked);
  const stored = { state: 'stored', seriesDescription: 'Liver', confirmed: true };
  expect(shown.at(-1)).toEqual({ ...stored, isChanged: false });
  storing.follow(changedLiver);
  expect(shown.at(-1)).toEqual({ ...stored, isChanged: true });
  storing.follow(liver);
  expect(shown.at(-1)).toEqual({ ...stored, isChanged: false });
  choose('10200004');
  storing.follow(liver);
  expect(shown.at(-1)).toEqual({ ...stored, isChanged: true });
});

it('does not call stored what was drawn, or named, while it was stored', async () => {
  let finish = () => {};
  const { storing, shown, stored, choose } = storingTo(
    () => new Promise(resolve => (finish = () => resolve(inArchive()))),
  );
  const storesIt = storing.store(looked);
  await new Promise(resolve => setTimeout(resolve));
  storing.follow(changedLiver);
  finish();
  await storesIt;
  expect(stored).toEqual([liver]);
  storing.follow(changedLiver);
  expect(shown.at(-1)).toMatchObject({ state: 'stored', isChanged: true });

  const storesAgain = storing.store(looked);
  await new Promise(resolve => setTimeout(resolve));
  choose('10200004');
  finish();
  await storesAgain;
  storing.follow(liver);
  expect(shown.at(-1)).toMatchObject({ state: 'stored', isChanged: true });
});
