import type { Series } from '../viewer/series';
import { DraftPlaces, PLACES } from './draftPlaces';

const series = { seriesInstanceUID: '1.2.840.1' } as Series;
const other = { seriesInstanceUID: '1.2.840.2' } as Series;
const coronal = { seriesInstanceUID: '', cut: { source: series } } as unknown as Series;

describe('DraftPlaces', () => {
  it('gives each segmentation of a series a place, the same in every plane', () => {
    const places = new DraftPlaces();
    expect([places.of(series, 'a'), places.of(series, 'b'), places.of(series, 'a')]).toEqual([
      0, 1, 0,
    ]);
    expect(places.of(coronal, 'b')).toBe(1);
    expect(places.of(other, 'b')).toBe(0);
  });

  it('gives back the place that a draft had', () => {
    const places = new DraftPlaces();
    places.take(series, 1, 'b');
    expect(places.holder(series, 0)).toBeUndefined();
    expect(places.holder(series, 1)).toBe('b');
    expect([places.of(series, 'a'), places.of(series, 'b')]).toEqual([0, 1]);
  });

  it('moves who was there before', () => {
    const places = new DraftPlaces();
    places.of(series, 'new');
    places.take(series, 0, 'brought back');
    expect([places.of(series, 'brought back'), places.of(series, 'new')]).toEqual([0, 1]);
  });

  it('has a last place for all further ones', () => {
    const places = new DraftPlaces();
    const given = Array.from({ length: PLACES + 2 }, (_, i) => places.of(series, `${i}`));
    expect(given.slice(-3)).toEqual([PLACES - 1, PLACES - 1, PLACES - 1]);
  });
});
