import type { EncoderFrame } from '../sam/encoderFrame';
import { linearWeights, resample, sourceRange } from '../image/resample';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { EMBEDDING_SIZE, ENCODER_INPUT_SIZE, TOKEN_PIXELS } from '../sam/imageEncoder';
import type { FeatureProducts } from './featureProducts';
import { toUnit, type Projection } from './principalComponents';

/** Intensities per token: its four quarters. */
export const QUARTERS = 4;

/** The features of a slice for matching: one entry per image token, row by row. */
export interface TokenGrid {
  /** Tokens per side. */
  size: number;
  /** [size * size, dimensions] unit vectors. */
  features: Float32Array;
  dimensions: number;
  /** [size * size, 4] intensity of the token's quarters, 0..1. */
  intensities: Float32Array;
  /** Tokens that hold image: the first `rows` rows and `columns` columns. */
  rows: number;
  columns: number;
}

/**
 * Computes the token grid of a slice.
 *
 * @param embedding [256, n, n] of the slice in this frame; resampled to 64 x 64 tokens
 */
export async function tokenGrid(
  embedding: Float32Array,
  slice: Slice,
  window: ResolvedWindow,
  frame: EncoderFrame,
  projection: Projection,
  products: FeatureProducts,
): Promise<TokenGrid> {
  const { dimensions } = projection;
  const projected = await products.project(embedding, projection.mean, projection.axes);
  const features = resizeTokens(projected, dimensions, EMBEDDING_SIZE);
  toUnit(features, dimensions);
  return {
    size: EMBEDDING_SIZE,
    features,
    dimensions,
    intensities: quarterIntensities(slice, window, frame),
    rows: Math.ceil(frame.height / TOKEN_PIXELS),
    columns: Math.ceil(frame.width / TOKEN_PIXELS),
  };
}

/**
 * Resamples a square grid of tokens bilinearly to another size.
 *
 * @param tokens [side * side, dimensions]
 * @returns [size * size, dimensions]; `tokens` itself if the size is the same
 */
export function resizeTokens(tokens: Float32Array, dimensions: number, size: number): Float32Array {
  const side = Math.round(Math.sqrt(tokens.length / dimensions));
  if (side === size) return tokens;
  const axis = { sourceSize: side, targetSize: size, step: side / size, offset: 0 };
  const { taps, first, from, to, weights } = linearWeights(axis);
  const resized = new Float32Array(size * size * dimensions);
  const across = new Float32Array(size * dimensions);
  const sourceRow = new Float32Array(side * dimensions);
  for (let row = 0; row < size; row++) {
    sourceRow.fill(0);
    for (let tap = from[row]; tap < to[row]; tap++) {
      const start = (first[row] + tap) * side * dimensions;
      const weight = weights[row * taps + tap];
      for (let i = 0; i < sourceRow.length; i++) sourceRow[i] += weight * tokens[start + i];
    }
    across.fill(0);
    for (let column = 0; column < size; column++) {
      for (let tap = from[column]; tap < to[column]; tap++) {
        const start = (first[column] + tap) * dimensions;
        const weight = weights[column * taps + tap];
        for (let d = 0; d < dimensions; d++) {
          across[column * dimensions + d] += weight * sourceRow[start + d];
        }
      }
    }
    resized.set(across, row * across.length);
  }
  return resized;
}

function quarterIntensities(
  { pixels, rows, columns }: Slice,
  { low, high }: ResolvedWindow,
  { crop, height, width }: EncoderFrame,
): Float32Array {
  const side = 2 * EMBEDDING_SIZE;
  const pixelsPerQuarter = ENCODER_INPUT_SIZE / side;
  const [quarterRows, quarterColumns] = [height, width].map(n => Math.ceil(n / pixelsPerQuarter));
  const rowWeights = linearWeights({
    sourceSize: rows,
    targetSize: quarterRows,
    step: (crop.rows / height) * pixelsPerQuarter,
    offset: crop.row,
  });
  const columnWeights = linearWeights({
    sourceSize: columns,
    targetSize: quarterColumns,
    step: (crop.columns / width) * pixelsPerQuarter,
    offset: crop.column,
  });
  const gray = new Float32Array(pixels.length);
  const seen = sourceRange(rowWeights);
  for (let i = seen.start * columns; i < seen.end * columns; i++) {
    gray[i] = (Math.min(Math.max(pixels[i], low), high) - low) / (high - low);
  }
  const quarters = resample(gray, columns, rowWeights, columnWeights);
  const intensities = new Float32Array(EMBEDDING_SIZE * EMBEDDING_SIZE * QUARTERS);
  for (let row = 0; row < quarterRows; row++) {
    for (let column = 0; column < quarterColumns; column++) {
      const token = (row >> 1) * EMBEDDING_SIZE + (column >> 1);
      const quarter = (row & 1) * 2 + (column & 1);
      intensities[token * QUARTERS + quarter] = quarters[row * quarterColumns + column];
    }
  }
  return intensities;
}
