import { pause } from '../viewer/breathe';
import type { Series } from '../viewer/series';
import { lookOrder } from './lookOrder';
import type { Review } from './review';
import { PREVIEWS } from './reviewState';
import type { Thumbnails } from './thumbnails';

/** Makes the pictures that a review begins with, one by one: together they would be a long task. */
export async function firstPictures(
  thumbnails: Pick<Thumbnails, 'of'>,
  series: Series,
  review: Review,
): Promise<void> {
  for (const { segmentIndex, masks } of review.structures) {
    const first = lookOrder(review, [segmentIndex], () => new Set()).slice(0, PREVIEWS);
    for (const slice of first) {
      await pause();
      const mask = masks.get(slice)!;
      thumbnails.of(series, slice, mask, () => mask);
    }
  }
}
