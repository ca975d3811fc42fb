import type { Series } from '../viewer/series';
import { draftKey, draftKeysOfAllPlanes, draftsToEvict } from './draftStore';

const DAY = 24 * 3600 * 1000;
const NOW = 100 * DAY;
const file = (name: string, bytes: number, days: number) => ({
  name,
  bytes,
  lastModified: NOW - days * DAY,
});

test('old drafts go, then the oldest until the rest fits', () => {
  const files = [file('new', 5, 0), file('old', 1, 15), file('week', 4, 7), file('day', 3, 1)];
  expect(draftsToEvict(files, NOW, 100)).toEqual(['old']);
  expect(draftsToEvict(files, NOW, 8)).toEqual(['old', 'week']);
});

test('the name of a draft tells nothing of the series, and depends on each image', async () => {
  const series = (...uids: string[]) =>
    ({
      seriesInstanceUID: '1.2.840.1',
      instances: uids.map(SOPInstanceUID => ({ SOPInstanceUID })),
    }) as unknown as Series;
  const key = await draftKey(series('1.2.840.1.1', '1.2.840.1.2'), 0);
  expect(key).toMatch(/^[0-9a-f]{64}$/);
  expect(await draftKey(series('1.2.840.1.1', '1.2.840.1.2'), 0)).toBe(key);
  expect(await draftKey(series('1.2.840.1.1', '1.2.840.1.3'), 0)).not.toBe(key);
  expect(await draftKey(series('1.2.840.1.1', '1.2.840.1.2'), 1)).not.toBe(key);
});

test('each plane of a series has a draft of its own', async () => {
  const source = {
    seriesInstanceUID: '1.2.840.1',
    instances: [{ SOPInstanceUID: '1.2.840.1.1' }],
  } as unknown as Series;
  const across = (name: string) =>
    ({ ...source, instances: [{}], reslice: { source, plane: { name } } }) as unknown as Series;
  const keys = await Promise.all(
    [source, across('coronal'), across('sagittal')].map(one => draftKey(one, 2)),
  );
  expect(new Set(keys).size).toBe(3);
  expect(await draftKeysOfAllPlanes(across('coronal'), 2)).toEqual(expect.arrayContaining(keys));
});
