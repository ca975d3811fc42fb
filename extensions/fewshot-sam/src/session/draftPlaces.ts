import type { Series } from '../viewer/series';

/** How many segmentations of one series are kept apart; further ones share the last place. */
export const PLACES = 8;

/**
 * Which draft belongs to which segmentation of a series: the first one drawn in has place 0. The viewer names
 * segmentations anew after each reload, so their names cannot say it.
 */
export class DraftPlaces {
  private readonly taken = new Map<string, string[]>();

  /** The same in every plane of the series; a free one for a segmentation that has none. */
  of(series: Series, segmentationId: string): number {
    const ids = this.idsOf(series);
    let place = ids.indexOf(segmentationId);
    if (place < 0) {
      const free = ids.indexOf('');
      place = free < 0 ? ids.length : free;
      ids[place] = segmentationId;
    }
    return Math.min(place, PLACES - 1);
  }

  /** Who has it, if somebody has. */
  holder(series: Series, place: number): string | undefined {
    return this.idsOf(series)[place] || undefined;
  }

  /** Gives a segmentation the place of the draft that it was brought back from. */
  take(series: Series, place: number, segmentationId: string): void {
    const ids = this.idsOf(series);
    while (ids.length < place) ids.push('');
    const other = ids[place];
    ids[place] = segmentationId;
    if (other && other !== segmentationId) this.of(series, other);
  }

  private idsOf({ cut, seriesInstanceUID }: Series): string[] {
    const uid = cut?.source.seriesInstanceUID ?? seriesInstanceUID;
    let ids = this.taken.get(uid);
    if (!ids) this.taken.set(uid, (ids = []));
    return ids;
  }
}
