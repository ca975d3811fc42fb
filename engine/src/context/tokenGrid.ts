import type { EncoderFrame } from '../image/encoderFrame';
import { linearWeights, resample } from '../image/resample';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import { EMBEDDING_SIZE, ENCODER_INPUT_SIZE } from '../sam/imageEncoder';
import type { FeatureProducts } from './featureProducts';
import { projectToUnit, type Projection } from './principalComponents';
import { mapInto } from '../numeric/mapInto';

/** Intensities per token: its four quarters. */
export const QUARTERS = 4;

/** A slice as matching sees it: one entry per image token, row by row. */
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

/** @param embedding [256, 64, 64] of the slice in this frame */
export async function tokenGrid(
  embedding: Float32Array,
  slice: Slice,
  window: ResolvedWindow,
  frame: EncoderFrame,
  projection: Projection,
  products: FeatureProducts,
): Promise<TokenGrid> {
  const pixelsPerToken = ENCODER_INPUT_SIZE / EMBEDDING_SIZE;
  return {
    size: EMBEDDING_SIZE,
    features: await projectToUnit(embedding, projection, products),
    dimensions: projection.dimensions,
    intensities: quarterIntensities(slice, window, frame),
    rows: Math.ceil(frame.height / pixelsPerToken),
    columns: Math.ceil(frame.width / pixelsPerToken),
  };
}

function quarterIntensities(
  { pixels, rows, columns }: Slice,
  { low, high }: ResolvedWindow,
  { crop, height, width }: EncoderFrame,
): Float32Array {
  const grey = mapInto(
    pixels,
    new Float32Array(pixels.length),
    value => (Math.min(Math.max(value, low), high) - low) / (high - low),
  );
  const side = 2 * EMBEDDING_SIZE;
  const pixelsPerQuarter = ENCODER_INPUT_SIZE / side;
  const [quarterRows, quarterColumns] = [height, width].map(n => Math.ceil(n / pixelsPerQuarter));
  const quarters = resample(
    grey,
    columns,
    linearWeights({
      sourceSize: rows,
      targetSize: quarterRows,
      step: (crop.rows / height) * pixelsPerQuarter,
      offset: crop.row,
    }),
    linearWeights({
      sourceSize: columns,
      targetSize: quarterColumns,
      step: (crop.columns / width) * pixelsPerQuarter,
      offset: crop.column,
    }),
  );
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
