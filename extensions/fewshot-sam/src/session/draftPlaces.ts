import type { Series } from '../viewer/series';

/** How many segmentations of one series are kept, those of other tabs among them. */
export const PLACES = 8;

/**
 * Which draft belongs to which segmentation of a series: the first one drawn in has place 0. The viewer names
 * segmentations anew after each reload, so their names cannot say it.
 */
export class DraftPlaces {
  private readonly taken = new Map<string, string[]>();

  /**
   * @param claim asks for a place; false when another tab has it
   * @param release ends one claim that was granted and is not needed
   * @param exists whether a segmentation is still in the viewer
   */
  constructor(
    private readonly claim: (series: Series, place: number) => Promise<boolean>,
    private readonly release: (series: Series, place: number) => Promise<void>,
    private readonly exists: (segmentationId: string) => boolean,
  ) {}

  /**
   * The same in every plane of the series; a free one for a segmentation that has none, or that of one which was
   * removed from the viewer.
   *
   * @returns null when none is left
   */
  async of(series: Series, segmentationId: string): Promise<number | null> {
    const ids = this.idsOf(series);
    const all = Array.from({ length: PLACES }, (_, place) => place);
    const free = all.filter(place => !ids[place]);
    const left = all.filter(place => ids[place] && !this.exists(ids[place]));
    for (const place of [...free, ...left]) {
      if (ids.includes(segmentationId)) break;
      const holder = ids[place];
      if (!(await this.claim(series, place))) continue;
      // While it was asked for, it may have been given away, or this segmentation another one.
      if (ids[place] === holder && !ids.includes(segmentationId)) ids[place] = segmentationId;
      else await this.release(series, place);
    }
    const place = ids.indexOf(segmentationId);
    return place < 0 ? null : place;
  }

  /** Who has it, if somebody has. */
  holder(series: Series, place: number): string | undefined {
    return this.idsOf(series)[place];
  }

  /** Gives a segmentation the place of the draft that it was brought back from, which must be claimed. */
  async take(series: Series, place: number, segmentationId: string): Promise<void> {
    const ids = this.idsOf(series);
    const [before, other] = [ids.indexOf(segmentationId), ids[place]];
    if (before >= 0) delete ids[before];
    ids[place] = segmentationId;
    if (other && other !== segmentationId) await this.of(series, other);
  }

  private idsOf({ reslice, seriesInstanceUID }: Series): string[] {
    const uid = reslice?.source.seriesInstanceUID ?? seriesInstanceUID;
    let ids = this.taken.get(uid);
    if (!ids) this.taken.set(uid, (ids = []));
    return ids;
  }
}
