import { FewshotError } from 'fewshot-sam';
import type { Archive } from './archive';
import type { Collected } from './collect';
import type { StoreState } from './state';
import { Storing } from './storing';

const collectedOf = (segmentationId: string) =>
  ({ series: null, segmentation: { segmentationId }, segments: [] }) as unknown as Collected;
const liver = collectedOf('liver');
const nothingPredicted = () => new Map();

/** A storing whose archive does what the test says; with the states that it showed. */
function storingTo(store: Archive['store']) {
  const shown: StoreState[] = [];
  const archive = {
    store,
    explain: (error: FewshotError) => ({ message: error.message, remedy: error.remedy }),
  } as Archive;
  return { storing: new Storing(archive, state => shown.push(state)), shown };
}
const names = (shown: StoreState[]) =>
  shown.map(store => (store.state === 'storing' ? store.step.phase : store.state));

it('goes from making to stored', async () => {
  const { storing, shown } = storingTo(async (_collected, _predicted, onProgress) => {
    onProgress({ phase: 'sending', attempt: 1, attempts: 4, fraction: null });
    onProgress({ phase: 'confirming' });
    return { seriesDescription: 'Liver', confirmed: true };
  });
  await storing.store(liver, nothingPredicted);
  expect(names(shown)).toEqual(['making', 'sending', 'confirming', 'stored']);
});

it('stores one at a time', async () => {
  let calls = 0;
  const { storing } = storingTo(async () => ({
    seriesDescription: String(++calls),
    confirmed: true,
  }));
  await Promise.all([
    storing.store(liver, nothingPredicted),
    storing.store(liver, nothingPredicted),
  ]);
  expect(calls).toBe(1);
});

it('stops when it is told to, and says so', async () => {
  const { storing, shown } = storingTo(
    (_collected, _predicted, _onProgress, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new FewshotError('cancelled', '', '')));
      }),
  );
  const stored = storing.store(liver, nothingPredicted);
  storing.cancel();
  storing.cancel();
  await stored;
  expect(names(shown)).toEqual(['making', 'stopping', 'stopped']);
});

it('shows a failure until another segmentation comes into view', async () => {
  const { storing, shown } = storingTo(async () => {
    throw new FewshotError('bad-result', 'Refused.', 'Ask.');
  });
  await storing.store(liver, nothingPredicted);
  expect(shown.at(-1)).toEqual({ state: 'failed', message: 'Refused.', remedy: 'Ask.' });
  storing.follow(liver);
  storing.follow({ ...liver, segmentation: null });
  expect(shown.at(-1)?.state).toBe('failed');
  storing.follow(collectedOf('spleen'));
  expect(shown.at(-1)).toEqual({ state: 'idle' });
});
