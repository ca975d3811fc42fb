import type { Mask } from 'fewshot-sam';
import type { Series } from '../viewer/series';
import type { Viewer } from '../viewer/viewer';
import type { SlicePicture } from './state';
import { gridOf, NO_WINDOW, thumbnailOf } from './thumbnail';

/** Pictures to keep, 18 kB each: more than the panel shows at once. */
const MOST_KEPT = 600;

/** Makes small pictures of slices, once per mask and window, and keeps the latest. */
export class Thumbnails {
  private readonly known = new Map<string, SlicePicture>();
  private readonly maskNumbers = new WeakMap<Mask, number>();
  private masks = 0;
  private readonly requestedImages = new Set<string>();

  /** @param imageCame called when the image of a picture without one has loaded */
  constructor(
    private readonly viewer: Viewer,
    private readonly imageCame: () => void,
  ) {}

  /**
   * @param maskKey hash of the mask, or the mask itself if it never changes
   * @param readMask called if the picture must be made
   */
  of(
    series: Series,
    sliceIndex: number,
    maskKey: number | Mask | undefined,
    readMask: () => Mask | null,
  ): SlicePicture | null {
    const window = this.viewer.displayedWindow() ?? NO_WINDOW;
    const mask = typeof maskKey === 'object' ? `#${this.numberOf(maskKey)}` : maskKey;
    const { low, high, inverted } = window;
    const key = [series.displaySetInstanceUID, sliceIndex, mask, low, high, inverted].join('/');
    const known = this.known.get(key);
    if (known) return known;
    const shape = readMask();
    if (!shape) return null;
    const pixels = this.viewer.cachedSlice(series, sliceIndex);
    if (!pixels) this.requestImage(series, sliceIndex);
    // Show the outline alone until the image has loaded.
    const shown = pixels ?? new Uint8Array(shape.length);
    const item = {
      sliceIndex,
      thumbnail: thumbnailOf(shown, shape, gridOf(series), window),
    };
    if (pixels) this.known.set(key, item);
    // The first entry of the map is the oldest.
    if (this.known.size > MOST_KEPT) this.known.delete(this.known.keys().next().value!);
    return item;
  }

  private numberOf(mask: Mask): number {
    let known = this.maskNumbers.get(mask);
    if (known === undefined) this.maskNumbers.set(mask, (known = ++this.masks));
    return known;
  }

  /** Loads an outlined slice that was never shown, such as one of a segmentation from the archive. */
  private requestImage(series: Series, sliceIndex: number): void {
    const imageId = series.imageIds[sliceIndex];
    if (this.requestedImages.has(imageId)) return;
    this.requestedImages.add(imageId);
    this.viewer.loadSlice(series, sliceIndex).then(
      () => this.imageCame(),
      // The run reads the slice again and reports the failure.
      () => undefined,
    );
  }
}
