import type { OutlineEvidence } from './outlineEvidence';

/** Keeps the logit of a matched fraction of 0 or 1 finite. */
const SHARE_MARGIN = 1e-3;
const MOST_LOGIT = 7;
/**
 * Weight of the outline between labeled slices where the image is fully informative, and how much more it
 * weighs where the image is not.
 */
const WEIGHT_BETWEEN = 0.5;
const MORE_WITHOUT_IMAGE = 1.5;
/** Weight beyond the outermost outlines: there the image alone would keep copying the last outline. */
const WEIGHT_BEYOND = 10;
/** Largest logit from the outlines. */
const MOST_DEPTH = 4;

/** Evidence for one slice; every array is [crop.rows, crop.columns]. */
export interface Known {
  /** Foreground fraction by matching, 0..1. */
  share: Float32Array;
  /** Logits, see `grayLogits`. */
  gray: Float32Array;
  /** Null where outlines are not used. */
  outline: OutlineEvidence | null;
  /** Whether the slice lies beyond the outermost labeled slice. */
  isBeyond: boolean;
}

/**
 * Combines the evidence of the image with that of the outlines. Outlines weigh more where the labeled
 * slices are near and agree, and where the image is less informative.
 *
 * @param imageWeight 0..1, see `imageWeight`
 * @returns logits
 */
export function combine(
  { share, gray, outline, isBeyond }: Known,
  imageWeight: number,
): Float32Array {
  const outlineWeight = isBeyond
    ? WEIGHT_BEYOND
    : WEIGHT_BETWEEN + (1 - imageWeight) * MORE_WITHOUT_IMAGE;
  const logits = new Float32Array(share.length);
  for (let i = 0; i < logits.length; i++) {
    const matched = clamp(
      Math.log((share[i] + SHARE_MARGIN) / (1 - share[i] + SHARE_MARGIN)),
      MOST_LOGIT,
    );
    logits[i] = imageWeight * (matched + gray[i]);
    if (outline) {
      logits[i] += outlineWeight * clamp(outline.depth[i] / outline.error[i], MOST_DEPTH);
    }
  }
  return logits;
}

const clamp = (value: number, most: number) => Math.min(Math.max(value, -most), most);
