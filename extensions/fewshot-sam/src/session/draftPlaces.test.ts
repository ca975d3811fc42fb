import type { Series } from '../viewer/series';
import { DraftPlaces, PLACES } from './draftPlaces';

const series = { seriesInstanceUID: '1.2.840.1' } as Series;
const other = { seriesInstanceUID: '1.2.840.2' } as Series;
const coronal = { seriesInstanceUID: '', reslice: { source: series } } as unknown as Series;

const placesOf = ({
  byOtherTabs = [] as number[],
  removed = [] as string[],
  claimed = [] as number[],
} = {}) =>
  new DraftPlaces(
    async (_, place) => {
      if (byOtherTabs.includes(place)) return false;
      claimed.push(place);
      return true;
    },
    async (_, place) => void claimed.splice(claimed.indexOf(place), 1),
    segmentationId => !removed.includes(segmentationId),
  );

describe('DraftPlaces', () => {
  it('gives each segmentation of a series a place, the same in every plane', async () => {
    const places = placesOf();
    expect(await places.of(series, 'a')).toBe(0);
    expect(await places.of(series, 'b')).toBe(1);
    expect(await places.of(series, 'a')).toBe(0);
    expect(await places.of(coronal, 'b')).toBe(1);
    expect(await places.of(other, 'b')).toBe(0);
  });

  it('gives one place to who asks twice at once, and not one place to two', async () => {
    const claimed: number[] = [];
    const places = placesOf({ claimed });
    const asked = ['a', 'a', 'b'].map(id => places.of(series, id));
    const [first, again, second] = await Promise.all(asked);
    expect(first).toBe(again);
    expect([first, second].sort()).toEqual([0, 1]);
    // Once each: what nobody uses is free for other tabs.
    expect(claimed.sort()).toEqual([0, 1]);
  });

  it('gives back the place that a draft had', async () => {
    const places = placesOf();
    await places.take(series, 1, 'b');
    expect(places.holder(series, 0)).toBeUndefined();
    expect(places.holder(series, 1)).toBe('b');
    expect(await places.of(series, 'a')).toBe(0);
    expect(await places.of(series, 'b')).toBe(1);
  });

  it('moves who was there before', async () => {
    const places = placesOf();
    await places.of(series, 'new');
    await places.take(series, 0, 'brought back');
    expect(await places.of(series, 'brought back')).toBe(0);
    expect(await places.of(series, 'new')).toBe(1);
  });

  it('leaves alone what other tabs have', async () => {
    const places = placesOf({ byOtherTabs: [0, 2] });
    expect(await places.of(series, 'a')).toBe(1);
    expect(await places.of(series, 'b')).toBe(3);
  });

  it('has no place for more, but that of one that was removed', async () => {
    const removed: string[] = [];
    const places = placesOf({ removed });
    for (let i = 0; i < PLACES; i++) expect(await places.of(series, `${i}`)).toBe(i);
    expect(await places.of(series, 'more')).toBeNull();
    removed.push('3');
    expect(await places.of(series, 'more')).toBe(3);
  });
});
