import { blur } from './blur';
import { mapInto } from '../numeric/mapInto';

/** What a grey value tells counts less than it says: neighbouring pixels repeat each other. */
const WEIGHT = 0.4;
/** Pixels this near to an outline are compared, in pixels: farther away anything may lie. */
const BAND = 3;
const BINS = 64;
/** Grey values that are alike are told apart by chance alone: deviation of the smoothing, in bins. */
const SMOOTHING = 1.5;
/** Added to each bin, so that a grey value that was never seen says nothing much. */
const PRIOR_PIXELS = 0.01;
const MOST_LOGIT = 3;
/** What a grey value says at most. */
export const HIGHEST_GREY_LOGIT = WEIGHT * MOST_LOGIT;

/** What grey values say near the outline of a structure. */
export interface GreyModel {
  /** [64] logit of structure against surroundings, by grey value / 4. */
  logits: Float32Array;
}

/** A labelled slice in the crop. */
export interface GreyShot {
  /** 0..255 */
  grey: Uint8Array;
  /** mm from the outline, positive inside. */
  distance: Float32Array;
}

/**
 * Learns how grey the structure is just inside of its outlines, and its surroundings just outside:
 * the ratio of both histograms. Where they are alike it says nothing.
 *
 * @param pixelMm the larger of both distances between neighbouring pixels
 */
export function learnGrey(shots: readonly GreyShot[], pixelMm: number): GreyModel {
  const inside = new Float64Array(BINS);
  const outside = new Float64Array(BINS);
  for (const { grey, distance } of shots) {
    for (let i = 0; i < grey.length; i++) {
      if (Math.abs(distance[i]) >= BAND * pixelMm) continue;
      (distance[i] > 0 ? inside : outside)[grey[i] >> 2]++;
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

/** Pixels finer than this repeat each other and their noise; in mm, deviation of a Gaussian. */
const BLUR_MM = 0.5;

/**
 * What the grey values say about each pixel, together with the eight around it where pixels are small.
 *
 * @param columns of the picture
 * @returns logits
 */
export function greyLogits(
  grey: Uint8Array,
  model: GreyModel,
  columns: number,
  pixelMm: number,
): Float32Array {
  const logits = mapInto(grey, new Float32Array(grey.length), value => model.logits[value >> 2]);
  const side = Math.exp(-(pixelMm ** 2) / (2 * BLUR_MM ** 2));
  return side < 0.01 ? logits : blur(logits, columns, [side, 1, side]);
}

/** Convolves with a Gaussian; what would leave at an end is mirrored. */
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
