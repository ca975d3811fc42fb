import { compactPixels, FewshotError, type Slice } from 'fewshot-sam';
import type { Cornerstone } from '../host/ohif';
import { imageIdentity, type Series } from './series';

/**
 * Pixels of one image in modality units.
 *
 * @throws FewshotError `bad-input` when the image cannot be loaded
 */
export async function loadSlice(
  core: Cornerstone['core'],
  series: Series,
  index: number,
): Promise<Slice> {
  const imageId = series.imageIds[index];
  let image;
  try {
    image = await core.imageLoader.loadAndCacheImage(imageId);
  } catch (cause) {
    throw new FewshotError(
      'bad-input',
      `Slice ${index + 1} could not be loaded from the archive.`,
      'Check the connection, then try again. Where the archive lacks that slice, choose a range without it.',
      { cause },
    );
  }
  const stored = image.voxelManager?.getScalarData() ?? image.getPixelData();
  const pixels = new Float32Array(stored as ArrayLike<number>);
  // cornerstone hands out values that are already scaled for most series: scaling twice is wrong.
  if (!image.preScale?.scaled) {
    const slope = image.slope ?? 1;
    const intercept = image.intercept ?? 0;
    if (slope !== 1 || intercept !== 0) {
      for (let i = 0; i < pixels.length; i++) pixels[i] = pixels[i] * slope + intercept;
    }
  }
  return {
    pixels: compactPixels(pixels),
    rows: series.rows,
    columns: series.columns,
    rowSpacing: series.rowSpacing,
    columnSpacing: series.columnSpacing,
    index,
    identity: imageIdentity(series.instances[index]),
  };
}
