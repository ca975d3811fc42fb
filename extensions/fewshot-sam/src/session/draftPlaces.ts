import type { Series } from '../viewer/series';

/** Most drafts per series, over all tabs. */
export const PLACES = 8;

/**
 * Assigns each segmentation of a series a draft place, starting at 0. Segmentation ids cannot identify
 * drafts: the viewer generates new ones after each reload.
 */
export class DraftPlaces {
  private readonly taken = new Map<string, string[]>();

  /**
   * @param claim claims a place; false when another tab has it
   * @param release releases a claim that is not needed
   * @param exists whether a segmentation is still in the viewer
   */
  constructor(
    private readonly claim: (series: Series, place: number) => Promise<boolean>,
    private readonly release: (series: Series, place: number) => Promise<void>,
    private readonly exists: (segmentationId: string) => boolean,
  ) {}

  /**
   * Place of a segmentation, the same in every plane of the series. A new segmentation gets a free place,
   * or that of one that was removed from the viewer.
   *
   * @returns null when no place is left
   */
  async of(series: Series, segmentationId: string): Promise<number | null> {
    const ids = this.idsOf(series);
    const all = Array.from({ length: PLACES }, (_, place) => place);
    const free = all.filter(place => !ids[place]);
    const abandoned = all.filter(place => ids[place] && !this.exists(ids[place]));
    for (const place of [...free, ...abandoned]) {
      if (ids.includes(segmentationId)) break;
      const holder = ids[place];
      if (!(await this.claim(series, place))) continue;
      // Meanwhile the place may have been taken, or this segmentation may have got another one.
      if (ids[place] === holder && !ids.includes(segmentationId)) ids[place] = segmentationId;
      else await this.release(series, place);
    }
    const place = ids.indexOf(segmentationId);
    return place < 0 ? null : place;
  }

  /** Current holder, if any. */
  holder(series: Series, place: number): string | undefined {
    return this.idsOf(series)[place];
  }

  /** Gives a restored segmentation the place of its draft. Claim the place first. */
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
