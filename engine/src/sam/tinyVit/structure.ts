import type { Weights } from '../weights';

/**
 * Structure of MobileSAM's image encoder, TinyViT with 5 million weights. It was trained on inputs of 1024
 * x 1024 but has no absolute positions, so any multiple of 16 works.
 *
 * Source: MobileSAM, mobile_sam/build_sam.py (`build_sam_vit_t`) and modeling/tiny_vit_sam.py.
 */
export const TINY_VIT = {
  /** Channels of the two convolutions that halve the image. */
  patchEmbedding: [32, 64],
  /** `layers.0`: mobile blocks. */
  mobileBlocks: 2,
  expansion: 4,
  /** `layers.1` to `layers.3`: transformer blocks. */
  stages: [
    { channels: 128, blocks: 2, heads: 4, window: 7, mergeStride: 2 },
    { channels: 160, blocks: 6, heads: 5, window: 14, mergeStride: 2 },
    { channels: 320, blocks: 2, heads: 10, window: 7, mergeStride: 1 },
  ],
  neckChannels: 256,
  normEpsilon: 1e-5,
  norm2dEpsilon: 1e-6,
} as const;

/** Whether the weights are those of such an encoder. */
export function isTinyVit(weights: Weights): boolean {
  const last = TINY_VIT.stages[TINY_VIT.stages.length - 1];
  const block = `image_encoder.layers.${TINY_VIT.stages.length}.blocks.${last.blocks - 1}`;
  return weights.get(`${block}.mlp.fc2.weight`)?.shape[0] === last.channels;
}

/** One of `TINY_VIT.stages`; its first step, the patch merging, divides the side by `mergeStride`. */
export type Stage = (typeof TINY_VIT.stages)[number];

/**
 * Returns the token at each place of each window, windows row by row; -1 where a window extends beyond the
 * image.
 *
 * @param side of the image, in tokens
 */
export function windowTokens(side: number, window: number): Int32Array {
  const across = Math.ceil(side / window);
  const tokens = new Int32Array(across * across * window * window);
  let at = 0;
  for (let top = 0; top < across * window; top += window) {
    for (let left = 0; left < across * window; left += window) {
      for (let y = top; y < top + window; y++) {
        for (let x = left; x < left + window; x++) {
          tokens[at++] = y < side && x < side ? y * side + x : -1;
        }
      }
    }
  }
  return tokens;
}

/** Inverse of `windowTokens`: returns the place of each token among all windows. */
export function windowPlaces(side: number, window: number): Int32Array {
  const places = new Int32Array(side * side);
  windowTokens(side, window).forEach((token, place) => {
    if (token >= 0) places[token] = place;
  });
  return places;
}

/**
 * Expands the attention biases to every pair of places in a window.
 *
 * @param compact [heads, window * window] by vertical and horizontal distance
 * @returns [heads, window * window, window * window]
 */
export function windowBiases(compact: Float32Array, heads: number, window: number): Float32Array {
  const places = window * window;
  const biases = new Float32Array(heads * places * places);
  let at = 0;
  for (let head = 0; head < heads; head++) {
    for (let a = 0; a < places; a++) {
      for (let b = 0; b < places; b++) {
        const rows = Math.abs(Math.floor(a / window) - Math.floor(b / window));
        const columns = Math.abs((a % window) - (b % window));
        biases[at++] = compact[head * places + rows * window + columns];
      }
    }
  }
  return biases;
}
