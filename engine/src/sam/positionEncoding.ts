import { samWeight, type Weights } from './weights';

/** Name of the random matrix of SAM's position encoding. */
export const POSITION_MATRIX = 'prompt_encoder.pe_layer.positional_encoding_gaussian_matrix';

/** Returns that matrix, [2, 128], used for image tokens and prompts alike. */
export function positionMatrix(weights: Weights): Float32Array {
  return samWeight(weights, POSITION_MATRIX);
}

/**
 * SAM's random-Fourier position encoding of a square grid of image tokens.
 *
 * Source: segment_anything/modeling/prompt_encoder.py, `PositionEmbeddingRandom.forward`.
 *
 * @param gaussian [2, channels / 2] `positional_encoding_gaussian_matrix`; row 0 multiplies x, row 1 y
 * @param size tokens per side
 * @returns [size * size, channels], tokens row by row
 */
export function positionEncoding(gaussian: Float32Array, size: number): Float32Array {
  const half = gaussian.length / 2;
  const encoding = new Float32Array(size * size * 2 * half);
  for (let row = 0; row < size; row++) {
    const y = (2 * (row + 0.5)) / size - 1;
    for (let column = 0; column < size; column++) {
      const x = (2 * (column + 0.5)) / size - 1;
      const from = (row * size + column) * 2 * half;
      for (let i = 0; i < half; i++) {
        const angle = 2 * Math.PI * (x * gaussian[i] + y * gaussian[half + i]);
        encoding[from + i] = Math.sin(angle);
        encoding[from + half + i] = Math.cos(angle);
      }
    }
  }
  return encoding;
}
