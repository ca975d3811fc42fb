import type { ArchiveSource } from './dataSource';
import { showStoredSeries } from './showStoredSeries';

const series = { StudyInstanceUID: '1.2', SeriesInstanceUID: '1.2.9' };

/** A data source that caches one answer per study under `name:uid`, as OHIF's does. */
function cachingSource(archive: () => string[]) {
  const cache = new Map<string, string[]>([['hospital:1.2', ['1.2.1']]]);
  const shown = new Set<string>();
  const source: ArchiveSource = {
    getConfig: () => ({ name: 'hospital' }),
    deleteStudyMetadataPromise: key => void cache.delete(key),
    retrieve: {
      series: {
        metadata: async ({ StudyInstanceUID, filters, madeInClient }) => {
          const key = `hospital:${StudyInstanceUID}`;
          const asked = ([] as string[]).concat(filters?.seriesInstanceUID ?? []);
          const found = cache.get(key) ?? archive().filter(uid => asked.includes(uid));
          cache.set(key, found);
          if (!found.length) throw new Error('RetrieveMetadataLoader failed');
          if (madeInClient) found.forEach(uid => shown.add(uid));
        },
      },
    },
  };
  return { source, cache, isShown: () => shown.has(series.SeriesInstanceUID) };
}

it('shows a series that the archive knows', async () => {
  const { source, isShown } = cachingSource(() => ['1.2.1', '1.2.9']);
  expect(await showStoredSeries(source, series, isShown, [0])).toBe(true);
});

it('leaves no cached answer behind that would hide the rest of the study', async () => {
  const { source, cache, isShown } = cachingSource(() => ['1.2.1', '1.2.9']);
  await showStoredSeries(source, series, isShown, [0]);
  expect(cache.size).toBe(0);
});

it('looks again when the archive is slow to index', async () => {
  let asked = 0;
  const { source, isShown } = cachingSource(() => (++asked < 3 ? ['1.2.1'] : ['1.2.1', '1.2.9']));
  expect(await showStoredSeries(source, series, isShown, [0, 1, 1])).toBe(true);
  expect(asked).toBe(3);
});

it('gives up without failing, for the series is stored all the same', async () => {
  const { source, isShown } = cachingSource(() => []);
  expect(await showStoredSeries(source, series, isShown, [0, 1])).toBe(false);
  expect(await showStoredSeries({}, series, () => false, [0])).toBe(false);
});
