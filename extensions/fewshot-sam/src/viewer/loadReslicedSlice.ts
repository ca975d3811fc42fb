import { compactPixels, throwIfCancelled, type Pixels, type Slice } from 'fewshot-sam';
import type { Cornerstone } from '../host/ohif';
import { periodicYield } from './yieldToBrowser';
import { loadSlice } from './loadSlice';
import { resliceIdentity, resliceOne, type Reslice } from './reslice';
import type { Series } from './series';

/** Slices of each series that is being resliced. Each is read once for all resliced slices. */
const stacks = new WeakMap<Series, Map<number, Promise<Slice>>>();

/**
 * Pixels of a resliced slice, in modality units.
 *
 * @throws FewshotError `bad-input` when an image cannot be loaded; `cancelled`
 */
export async function loadReslicedSlice(
  core: Cornerstone['core'],
  series: Series,
  reslice: Reslice,
  index: number,
  signal?: AbortSignal,
): Promise<Slice> {
  const { source, plane } = reslice;
  const { rows, columns, rowSpacing, columnSpacing } = series;
  const pixels = new Float32Array(rows * columns);
  const grid = { rows, columns, rowSpacing, columnSpacing };
  if (plane.normal === 2) {
    // Same slice with rows and columns reordered: one source slice is enough.
    const slice = await loadSlice(core, source, index);
    const stack: ArrayLike<number>[] = [];
    stack[index] = slice.pixels;
    resliceOne(reslice, index, stack, pixels);
    return {
      pixels: compactPixels(pixels),
      ...grid,
      index,
      identity: resliceIdentity(reslice, index),
    };
  }
  const slices = await wholeStack(core, source, signal);
  resliceOne(reslice, index, slices, pixels);
  return {
    pixels: compactPixels(pixels),
    ...grid,
    index,
    identity: resliceIdentity(reslice, index),
  };
}

/** All slices of a series. They are released with the series. */
async function wholeStack(
  core: Cornerstone['core'],
  source: Series,
  signal: AbortSignal | undefined,
): Promise<Pixels[]> {
  let known = stacks.get(source);
  if (!known) stacks.set(source, (known = new Map()));
  const yieldIfDue = periodicYield();
  const pixels: Pixels[] = [];
  for (let index = 0; index < source.imageIds.length; index++) {
    throwIfCancelled(signal);
    let slice = known.get(index);
    if (!slice) known.set(index, (slice = loadSlice(core, source, index)));
    pixels.push((await slice).pixels);
    await yieldIfDue();
  }
  return pixels;
}

/** Pixels of a resliced slice from images already in the cache; null if one is missing. */
export function cachedReslicedSlice(
  core: Cornerstone['core'],
  { rows, columns }: Series,
  reslice: Reslice,
  index: number,
): Float32Array | null {
  const images = reslice.source.imageIds.map(imageId => core.cache.getImage(imageId));
  if (images.some(image => !image)) return null;
  const stack = images.map(
    image => (image!.voxelManager?.getScalarData() ?? image!.getPixelData()) as ArrayLike<number>,
  );
  return resliceOne(reslice, index, stack, new Float32Array(rows * columns));
}
