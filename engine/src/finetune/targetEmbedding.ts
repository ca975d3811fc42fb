import { FewshotError } from '../platform/errors';

/**
 * Returns the mean embedding of a labeled region: `Σ w z / Σ w` over the image tokens, where `w` is the share
 * of each token's area that the region covers.
 *
 * Source: Xie et al., section 3.2. The paper rounds the mask to 64 x 64 and so loses structures smaller than a
 * token; the covered share keeps them, and makes no difference for larger ones.
 *
 * @param embedding [channels, size, size]
 * @param coverage square mask in the low-resolution frame, 0..1; its side is a multiple of `size`
 * @param channels number of channels of the embedding
 * @returns [channels]
 * @throws FewshotError `bad-input` when the region is empty
 */
export function targetEmbedding(
  embedding: Float32Array,
  coverage: Float32Array,
  channels = 256,
): Float32Array {
  const tokens = embedding.length / channels;
  const shares = tokenCoverage(coverage, Math.sqrt(tokens));
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!(total > 0)) {
    throw new FewshotError(
      'bad-input',
      'The outlined region lies outside the part of the slice that the model sees.',
      'Outline the structure inside the image.',
    );
  }
  const mean = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    let sum = 0;
    for (let i = 0; i < tokens; i++) sum += shares[i] * embedding[channel * tokens + i];
    mean[channel] = sum / total;
  }
  return mean;
}

/** Mean coverage of each image token: [side, side] -> [size, size]. */
export function tokenCoverage(coverage: Float32Array, size: number): Float32Array {
  const side = Math.sqrt(coverage.length);
  const step = side / size;
  const shares = new Float32Array(size * size);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const token = Math.floor(row / step) * size + Math.floor(column / step);
      shares[token] += coverage[row * side + column] / (step * step);
    }
  }
  return shares;
}
