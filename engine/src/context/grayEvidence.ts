import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { mapInto } from '../numeric/mapInto';
import type { EncoderFrame } from '../sam/encoderFrame';
import { blur } from './blur';

/** Gray value evidence is weighted down because neighboring pixels are not independent. */
const WEIGHT = 0.4;
/** Width of the band on each side of an outline, in pixels: farther away anything may lie. */
const BAND = 3;
const BINS = 64;
/** Standard deviation of the histogram smoothing, in bins: similar gray values differ only by chance. */
const SMOOTHING = 1.5;
/** Added to each bin, so that gray values never seen carry little evidence. */
const PRIOR_PIXELS = 0.01;
const MOST_LOGIT = 3;
/** Largest logit of a gray value. */
export const HIGHEST_GRAY_LOGIT = WEIGHT * MOST_LOGIT;

/** Gray value evidence near the outline of a structure. */
export interface GrayModel {
  /** [64] logit of structure against surroundings, by gray value / 4. */
  logits: Float32Array;
}

/** Returns gray values 0..255 of the crop of a slice, row by row; 0 for NaN. */
export function grayCrop(
  { pixels }: Pick<Slice, 'pixels'>,
  { low, high }: ResolvedWindow,
  { crop, columns }: EncoderFrame,
): Uint8Array {
  const gray = new Uint8Array(crop.rows * crop.columns);
  const scale = 255 / (high - low);
  let i = 0;
  for (let row = 0; row < crop.rows; row++) {
    const from = (crop.row + row) * columns + crop.column;
    for (let column = 0; column < crop.columns; column++) {
      // A typed array rounds NaN to 0.
      gray[i++] = (Math.min(Math.max(pixels[from + column], low), high) - low) * scale + 0.5;
    }
  }
  return gray;
}

/** A labeled slice in the crop. */
export interface GrayShot {
  /** 0..255 */
  gray: Uint8Array;
  /** mm from the outline, positive inside. */
  distance: Float32Array;
}

/**
 * Learns the gray values of the structure just inside of its outlines and of its surroundings just outside,
 * as the log ratio of both histograms. It is 0 where they are alike.
 *
 * @param pixelMm the larger pixel spacing, mm
 */
export function learnGray(shots: readonly GrayShot[], pixelMm: number): GrayModel {
  const inside = new Float64Array(BINS);
  const outside = new Float64Array(BINS);
  for (const { gray, distance } of shots) {
    for (let i = 0; i < gray.length; i++) {
      if (Math.abs(distance[i]) >= BAND * pixelMm) continue;
      (distance[i] > 0 ? inside : outside)[gray[i] >> 2]++;
    }
  }
  const [structure, surroundings] = [shares(smooth(inside)), shares(smooth(outside))];
  return {
    logits: Float32Array.from(structure, (share, bin) => {
      const logit = Math.log(share / surroundings[bin]);
      return WEIGHT * Math.min(Math.max(logit, -MOST_LOGIT), MOST_LOGIT);
    }),
  };
}

/** Standard deviation, in mm, of the Gaussian that averages out noise in small pixels. */
const BLUR_MM = 0.5;

/**
 * Returns the gray value evidence of each pixel, averaged with the eight around it where pixels are small.
 *
 * @param columns of the image
 * @returns logits
 */
export function grayLogits(
  gray: Uint8Array,
  model: GrayModel,
  columns: number,
  pixelMm: number,
): Float32Array {
  const logits = mapInto(gray, new Float32Array(gray.length), value => model.logits[value >> 2]);
  const side = Math.exp(-(pixelMm ** 2) / (2 * BLUR_MM ** 2));
  return side < 0.01 ? logits : blur(logits, columns, [side, 1, side]);
}

/** Convolves with a Gaussian, mirrored at the ends. */
function smooth(values: Float64Array): Float64Array {
  const reach = Math.ceil(4 * SMOOTHING);
  const kernel = Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * SMOOTHING ** 2)),
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  const result = new Float64Array(values.length);
  values.forEach((value, from) => {
    kernel.forEach((weight, i) => {
      let to = from + i - reach;
      if (to < 0) to = -1 - to;
      if (to >= values.length) to = 2 * values.length - 1 - to;
      result[to] += (weight / sum) * value;
    });
  });
  return result;
}

function shares(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0) + PRIOR_PIXELS * counts.length;
  return counts.map(count => (count + PRIOR_PIXELS) / total);
}
