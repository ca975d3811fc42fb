import type { FeatureProducts } from '../context/featureProducts';
import { principalComponents, type Projection } from '../context/principalComponents';
import { resizeTokens } from '../context/tokenGrid';
import { cutSlice, type TaskView } from '../finetune/taskView';
import { cutMask, cutPixels, extentMm } from '../image/fieldOfView';
import {
  areaWeights,
  type AxisMapping,
  type AxisWeights,
  linearWeights,
  resample,
} from '../image/resample';
import type { CropRectangle, Mask, Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import type { Embeddings } from '../job/embeddings';
import { OUTSIDE_CROP_LOGIT } from '../sam/encoderFrame';
import { EMBEDDING_CHANNELS, ENCODER_INPUT_SIZE } from '../sam/imageEncoder';

/** Cells per side of the grid that a head sees, with a fixed number of mm each. */
export const HEAD_CELLS = 64;
/** Side of the encoder's input. Its tokens are twice as wide as the head's cells. */
export const HEAD_ENCODER_SIZE = 512;
/** Fine cells per side: what is kept of gray values and outlines, and where the boundary is refined. */
export const FINE_CELLS = 256;
/** Fine cells along the side of a cell. */
const FINE_PER_CELL = FINE_CELLS / HEAD_CELLS;
/** Principal components of a token. */
const DIMENSIONS = 64;
/** Intensities of a cell: its four quarters. */
const QUARTERS = 4;
export const HEAD_CHANNELS = DIMENSIONS + QUARTERS;
/** Brings intensities, 0..1, to about the spread of the components. */
const INTENSITY_SCALE = 4;

/** What a head sees of a slice, before its channels are reduced: small enough to be kept with a task. */
export interface HeadView {
  /** [256, 32, 32] */
  embedding: Float32Array;
  /** [fine cells * fine cells] 0..1 */
  gray: Float32Array;
}

/** Reduces the channels of tokens, and brings all that is left to one spread. */
export interface HeadProjection extends Projection {
  /** [dimensions] standard deviation along each axis */
  deviations: Float32Array;
}

/**
 * Side of the encoder's input for what a task sees: for single images, tokens are as fine as the head's cells.
 * At half the side, small vessels and nuclei are found worse than by a linear classifier of fine tokens.
 */
export function headEncoderSize({ tiled }: Pick<TaskView, 'tiled'>): number {
  return tiled ? ENCODER_INPUT_SIZE : HEAD_ENCODER_SIZE;
}

/** What a head sees of a rectangle of a slice. */
export async function headView(
  slice: Slice,
  window: ResolvedWindow,
  rectangle: CropRectangle,
  embeddings: Embeddings,
): Promise<HeadView> {
  const seen = await cutSlice(slice, rectangle, window);
  // The encoder pads a slice as the rectangle does; of the slice itself an embedding may be known.
  const { embedding } = await embeddings.of(isWhole(slice, rectangle) ? slice : seen);
  return { embedding, gray: grayOf(seen, window) };
}

/** Whether a rectangle begins with a slice and is as wide as its larger side. */
function isWhole(slice: Slice, { row, column, rows, columns }: CropRectangle): boolean {
  const isAsWide = Math.round(extentMm(slice) / slice.rowSpacing) === rows;
  return row === 0 && column === 0 && isAsWide && columns >= slice.columns && rows >= slice.rows;
}

/** @returns [fine cells * fine cells] 0..1, row by row */
export function grayOf(slice: Slice, { low, high }: ResolvedWindow): Float32Array {
  const gray = Float32Array.from(
    slice.pixels,
    value => (Math.min(Math.max(value, low), high) - low) / (high - low),
  );
  return regrid(gray, slice, FINE);
}

/** The share of each fine cell that the structure covers, [fine cells * fine cells], 0..1. */
export function fineCoverage(mask: Mask, slice: Grid, rectangle: CropRectangle): Float32Array {
  return regrid(cutMask(mask, slice, rectangle), rectangle, FINE, areaWeights);
}

/** The mean of each cell, [cells * cells]. @param fine [fine cells * fine cells] */
export const cellMeans = (fine: Float32Array): Float32Array =>
  regrid(fine, FINE, CELLS, areaWeights);

/** @returns logits of the fine cells, row by row */
export const logitsToFine = (logits: Float32Array): Float32Array => regrid(logits, CELLS, FINE);

/** @returns logits on the rectangle's pixels, row by row. @param fine [fine cells * fine cells] */
export const fineToRectangle = (fine: Float32Array, rectangle: CropRectangle): Float32Array =>
  regrid(fine, FINE, rectangle);

/** The logits of a rectangle in fine cells, row by row: the reverse of `fineToRectangle`. */
export function rectangleToFine(
  logits: Float32Array,
  grid: Grid,
  rectangle: CropRectangle,
): Float32Array {
  const cut = cutPixels({ ...grid, pixels: logits }, rectangle, OUTSIDE_CROP_LOGIT);
  return regrid(cut, rectangle, FINE);
}

type Grid = Pick<Slice, 'rows' | 'columns'>;
const FINE: Grid = { rows: FINE_CELLS, columns: FINE_CELLS };
const CELLS: Grid = { rows: HEAD_CELLS, columns: HEAD_CELLS };

/** Resamples from one grid to another that covers the same. */
function regrid(
  values: Float32Array | Mask,
  from: Grid,
  to: Grid,
  weights: (axis: AxisMapping) => AxisWeights = linearWeights,
): Float32Array {
  const axis = (sourceSize: number, targetSize: number) =>
    weights({ sourceSize, targetSize, step: sourceSize / targetSize, offset: 0 });
  return resample(values, from.columns, axis(from.rows, to.rows), axis(from.columns, to.columns));
}

export async function headProjection(
  views: readonly HeadView[],
  products: FeatureProducts,
): Promise<HeadProjection> {
  const projection = await principalComponents(
    views.map(({ embedding }) => embedding),
    EMBEDDING_CHANNELS,
    DIMENSIONS,
    products,
  );
  const squares = new Float64Array(DIMENSIONS);
  let tokens = 0;
  for (const { embedding } of views) {
    const projected = await products.project(embedding, projection.mean, projection.axes);
    projected.forEach((value, i) => (squares[i % DIMENSIONS] += value ** 2));
    tokens += projected.length / DIMENSIONS;
  }
  const deviations = Float32Array.from(squares, sum => Math.max(1e-6, Math.sqrt(sum / tokens)));
  return { ...projection, deviations };
}

/** @returns [cells * cells, HEAD_CHANNELS] */
export async function headFeatures(
  { embedding, gray }: HeadView,
  { mean, axes, deviations, dimensions }: HeadProjection,
  products: FeatureProducts,
): Promise<Float32Array> {
  const projected = await products.project(embedding, mean, axes);
  for (let i = 0; i < projected.length; i++) projected[i] /= deviations[i % dimensions];
  const components = resizeTokens(projected, dimensions, HEAD_CELLS);
  const features = new Float32Array(HEAD_CHANNELS * HEAD_CELLS ** 2);
  for (let cell = 0; cell < HEAD_CELLS ** 2; cell++) {
    features.set(
      components.subarray(cell * dimensions, (cell + 1) * dimensions),
      cell * HEAD_CHANNELS,
    );
  }
  quarterMeans(gray).forEach((value, i) => {
    const cell = Math.floor(i / QUARTERS);
    features[cell * HEAD_CHANNELS + dimensions + (i % QUARTERS)] = INTENSITY_SCALE * (value - 0.5);
  });
  return features;
}

/** @returns [cells * cells, 4] the mean gray value of each quarter of a cell */
function quarterMeans(gray: Float32Array): Float32Array {
  const side = FINE_PER_CELL / 2;
  const means = new Float32Array(QUARTERS * HEAD_CELLS ** 2);
  gray.forEach((value, i) => {
    const row = Math.floor(Math.floor(i / FINE_CELLS) / side);
    const column = Math.floor((i % FINE_CELLS) / side);
    const cell = (row >> 1) * HEAD_CELLS + (column >> 1);
    means[QUARTERS * cell + 2 * (row & 1) + (column & 1)] += value / side ** 2;
  });
  return means;
}
