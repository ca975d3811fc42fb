import type { OutlineEvidence } from './outlineEvidence';

/** The most that matching says: a share of 0 or 1 is never quite sure. */
const SHARE_MARGIN = 1e-3;
const MOST_LOGIT = 7;
/** What the outline counts between labelled slices where the image tells all there is to tell, and how
 * much more where it tells nothing. */
const WEIGHT_BETWEEN = 0.5;
const MORE_WITHOUT_IMAGE = 1.5;
/** What it counts beyond the outermost: there the image alone would go on copying the last outline. */
const WEIGHT_BEYOND = 10;
/** What the outlines say at most. */
const MOST_DEPTH = 4;

/** What is known of one slice, all of [crop.rows, crop.columns]. */
export interface Known {
  /** Foreground share by matching, 0..1. */
  share: Float32Array;
  /** Logits, see `greyLogits`. */
  grey: Float32Array;
  /** Null where outlines do not count. */
  outline: OutlineEvidence | null;
  /** Whether the slice lies beyond the outermost labelled slice. */
  isBeyond: boolean;
}

/**
 * Joins what the image shows with what the outlines lead to. An outline counts where the labelled slices
 * are near and agree, and the more the less the image tells.
 *
 * @param imageWeight 0..1, see `imageWeight`
 * @returns logits
 */
export function combine(
  { share, grey, outline, isBeyond }: Known,
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
    logits[i] = imageWeight * (matched + grey[i]);
    if (outline) {
      logits[i] += outlineWeight * clamp(outline.depth[i] / outline.error[i], MOST_DEPTH);
    }
  }
  return logits;
}

const clamp = (value: number, most: number) => Math.min(Math.max(value, -most), most);
