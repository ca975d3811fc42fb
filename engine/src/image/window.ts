import { FewshotError } from '../platform/errors';
import type { IntensityWindow, Slice } from './slice';

/** Intensities that become 0 and 255; `low < high`, both finite. */
export interface ResolvedWindow {
  low: number;
  high: number;
}

/**
 * Turns a window into two intensities. Percentiles are taken over all pixels of all slices that are
 * finite numbers, interpolated linearly between neighboring ranks.
 *
 * @throws FewshotError `bad-input` when the window is empty, when every pixel has one value, or when
 *   the window clips every pixel to one value
 */
export function resolveWindow(
  window: IntensityWindow,
  slices: readonly Pick<Slice, 'pixels'>[],
): ResolvedWindow {
  if (!(window.low < window.high) || !isFinite(window.low) || !isFinite(window.high)) {
    throw new FewshotError(
      'bad-input',
      `The intensity window is ${window.low} to ${window.high}.`,
      'Give two numbers, the lower one first.',
    );
  }
  const range = finiteRange(slices);
  if (range.min === range.max) {
    throw new FewshotError(
      'bad-input',
      `Every pixel has the same value, ${range.min}.`,
      'Choose a series with visible content.',
    );
  }
  if (window.kind === 'clip') {
    if (range.max <= window.low || range.min >= window.high) {
      throw new FewshotError(
        'bad-input',
        `The intensity window ${window.low} to ${window.high} shows nothing of this image, whose values run from ${range.min} to ${range.max}.`,
        'Choose a window that fits the image, e.g. percentiles (0.5 to 99.5).',
      );
    }
    return { low: window.low, high: window.high };
  }
  if (window.low < 0 || window.high > 100) {
    throw new FewshotError(
      'bad-input',
      `The percentiles are ${window.low} and ${window.high}.`,
      'Percentiles lie between 0 and 100.',
    );
  }
  const low = percentile(slices, range, window.low);
  const high = percentile(slices, range, window.high);
  // When more than 99 % of pixels have one value (a mostly empty field of view), use the whole range.
  return low < high ? { low, high } : { low: range.min, high: range.max };
}

interface FiniteRange {
  min: number;
  max: number;
  count: number;
}

function finiteRange(slices: readonly Pick<Slice, 'pixels'>[]): FiniteRange {
  const range = { min: Infinity, max: -Infinity, count: 0 };
  for (const { pixels } of slices) {
    for (let i = 0; i < pixels.length; i++) {
      const value = pixels[i];
      if (!isFinite(value)) continue;
      range.count++;
      if (value < range.min) range.min = value;
      if (value > range.max) range.max = value;
    }
  }
  if (range.count === 0) {
    throw new FewshotError(
      'bad-input',
      'No pixel holds a number.',
      'Choose a series whose pixels could be decoded.',
    );
  }
  return range;
}

function percentile(
  slices: readonly Pick<Slice, 'pixels'>[],
  range: FiniteRange,
  percent: number,
): number {
  const rank = (percent / 100) * (range.count - 1);
  const below = valueOfRank(slices, range, Math.floor(rank));
  if (rank === Math.floor(rank)) return below;
  const above = valueOfRank(slices, range, Math.floor(rank) + 1);
  return below + (above - below) * (rank - Math.floor(rank));
}

const BINS = 4096;

/**
 * Returns the value of the given rank, from 0 for the smallest. Narrows a histogram instead of sorting, so
 * that a whole volume needs no second copy in memory.
 */
function valueOfRank(
  slices: readonly Pick<Slice, 'pixels'>[],
  { min, max }: FiniteRange,
  rank: number,
): number {
  let low = min;
  let high = max;
  let before = 0;
  while (low < high) {
    const counts = new Uint32Array(BINS);
    const binMin = new Float64Array(BINS).fill(Infinity);
    const binMax = new Float64Array(BINS).fill(-Infinity);
    const scale = BINS / (high - low);
    for (const { pixels } of slices) {
      for (let i = 0; i < pixels.length; i++) {
        const value = pixels[i];
        if (!(value >= low && value <= high)) continue;
        const bin = Math.min(BINS - 1, Math.floor((value - low) * scale));
        counts[bin]++;
        if (value < binMin[bin]) binMin[bin] = value;
        if (value > binMax[bin]) binMax[bin] = value;
      }
    }
    let bin = 0;
    while (before + counts[bin] <= rank) before += counts[bin++];
    // The bin's own extremes shrink at each round, so the loop ends at a single value.
    low = binMin[bin];
    high = binMax[bin];
  }
  return low;
}
