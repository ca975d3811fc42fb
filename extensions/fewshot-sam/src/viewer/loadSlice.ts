import { compactPixels, FewshotError, type Slice } from 'fewshot-sam';
import type { Types } from '@cornerstonejs/core';
import type { Cornerstone } from '../host/ohif';
import { modalityValues, storedFormat, unscaled } from './modalityValues';
import { imageIdentity, imageName, type Series } from './series';

/**
 * Pixels of one image in modality units, computed from its stored values. The viewer's own values may be
 * SUV, rounded, or contain overlay bits.
 *
 * @throws FewshotError `bad-input` if the image or its stored values cannot be loaded
 */
export async function loadSlice(
  core: Cornerstone['core'],
  series: Series,
  index: number,
): Promise<Slice> {
  const instance = series.instances[index];
  const format = storedFormat(instance, imageName(instance, index));
  const imageId = series.imageIds[index];
  const load = (request: () => Promise<Types.IImage>) =>
    request().catch((cause: unknown) => {
      throw new FewshotError(
        'bad-input',
        `Slice ${index + 1} could not be loaded from the archive.`,
        'Check the connection, then try again. Where the archive lacks that slice, choose a range without it.',
        { cause },
      );
    });
  const image = await load(() => core.imageLoader.loadAndCacheImage(imageId));
  let stored = storedValues(image, values => {
    const scaling = image.preScale?.scalingParameters;
    return scaling ? unscaled(values, scaling, format) : null;
  });
  stored ??= storedValues(await load(() => loadUnscaled(core, imageId)), () => null);
  if (!stored) {
    throw new FewshotError(
      'bad-input',
      `The viewer rounds the values of slice ${index + 1} (Rescale Slope ${format.slope}, Intercept ${format.intercept}).`,
      'Update the viewer, or convert the series to one with whole numbers.',
    );
  }
  if (stored.length !== series.rows * series.columns) {
    throw new FewshotError(
      'bad-input',
      `Slice ${index + 1} has ${stored.length} pixels instead of ${series.columns} x ${series.rows}: its file is cut off or damaged.`,
      'Send the series to the archive again, or choose a range without that slice.',
    );
  }
  return {
    pixels: compactPixels(modalityValues(stored, format)),
    rows: series.rows,
    columns: series.columns,
    rowSpacing: series.rowSpacing,
    columnSpacing: series.columnSpacing,
    index,
    identity: imageIdentity(instance),
  };
}

/** @param unscale restores stored values from those that the viewer has scaled; null if it cannot */
function storedValues(
  image: Types.IImage,
  unscale: (values: ArrayLike<number>) => ArrayLike<number> | null,
): ArrayLike<number> | null {
  const values = (image.voxelManager?.getScalarData() ?? image.getPixelData()) as ArrayLike<number>;
  return image.preScale?.scaled ? unscale(values) : values;
}

const STORED = '#stored';
const withProvider = new WeakSet<Cornerstone['core']>();

/**
 * Loads an image again without scaling. The cache would return the scaled image for its id; an id with a
 * fragment, which never reaches the server, bypasses it.
 */
function loadUnscaled(core: Cornerstone['core'], imageId: string): Promise<Types.IImage> {
  if (!withProvider.has(core)) {
    withProvider.add(core);
    core.metaData.addProvider((type: string, name: unknown) => {
      if (typeof name !== 'string' || !name.endsWith(STORED)) return undefined;
      return core.metaData.get(type, name.slice(0, -STORED.length)) as unknown;
    }, Number.MAX_SAFE_INTEGER);
  }
  const options = { preScale: { enabled: false }, priority: 0, requestType: 'prefetch' };
  return core.imageLoader.loadImage(imageId + STORED, options as never) as Promise<Types.IImage>;
}
