import type { FeatureProducts } from '../context/featureProducts';
import { principalComponents, type Projection } from '../context/principalComponents';
import { resizeTokens } from '../context/tokenGrid';
import { viewOf, type TaskView } from '../finetune/taskView';
import { cutMask } from '../image/fieldOfView';
import { areaWeights, linearWeights, resample, type AxisMapping } from '../image/resample';
import type { CropRectangle, Mask, Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';
import type { Embeddings } from '../job/embeddings';
import { EMBEDDING_CHANNELS } from '../sam/imageEncoder';

/** Cells per side of the grid that a head sees, with a fixed number of mm each. */
export const HEAD_CELLS = 64;
/** Side of the encoder's input. Its tokens are twice as wide as the head's cells. */
export const HEAD_ENCODER_SIZE = 512;
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
  /** [cells * cells, 4] 0..1 */
  intensities: Float32Array;
}

/** Reduces the channels of tokens, and brings all that is left to one spread. */
export interface HeadProjection extends Projection {
  /** [dimensions] standard deviation along each axis */
  deviations: Float32Array;
}

/** @returns also where on the slice the square lies that was seen */
export async function headView(
  slice: Slice,
  window: ResolvedWindow,
  view: TaskView,
  embeddings: Embeddings,
): Promise<HeadView & { rectangle: CropRectangle }> {
  const { slice: seen, rectangle } = await viewOf(slice, window, view);
  const { embedding } = await embeddings.of(seen);
  return { embedding, intensities: intensitiesOf(seen, window), rectangle };
}

/** @returns [cells * cells, 4] 0..1: intensities of each cell's quarters, row by row */
export function intensitiesOf(
  { pixels, rows, columns }: Slice,
  { low, high }: ResolvedWindow,
): Float32Array {
  const gray = Float32Array.from(
    pixels,
    value => (Math.min(Math.max(value, low), high) - low) / (high - low),
  );
  const side = 2 * HEAD_CELLS;
  const values = resample(
    gray,
    columns,
    linearWeights(wholeAxis(rows, side)),
    linearWeights(wholeAxis(columns, side)),
  );
  const intensities = new Float32Array(QUARTERS * HEAD_CELLS ** 2);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const cell = (row >> 1) * HEAD_CELLS + (column >> 1);
      intensities[QUARTERS * cell + 2 * (row & 1) + (column & 1)] = values[row * side + column];
    }
  }
  return intensities;
}

/** The share of each cell that the structure covers, [cells * cells], 0..1. */
export function cellCoverage(
  mask: Mask,
  slice: Pick<Slice, 'rows' | 'columns'>,
  rectangle: CropRectangle,
): Float32Array {
  const { rows, columns } = rectangle;
  return resample(
    cutMask(mask, slice, rectangle),
    columns,
    areaWeights(wholeAxis(rows, HEAD_CELLS)),
    areaWeights(wholeAxis(columns, HEAD_CELLS)),
  );
}

/** @returns logits on the rectangle's pixels, row by row */
export function logitsToRectangle(
  logits: Float32Array,
  { rows, columns }: CropRectangle,
): Float32Array {
  return resample(
    logits,
    HEAD_CELLS,
    linearWeights(wholeAxis(HEAD_CELLS, rows)),
    linearWeights(wholeAxis(HEAD_CELLS, columns)),
  );
}

/** From one grid to another that covers the same. */
function wholeAxis(sourceSize: number, targetSize: number): AxisMapping {
  return { sourceSize, targetSize, step: sourceSize / targetSize, offset: 0 };
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
  { embedding, intensities }: HeadView,
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
    for (let quarter = 0; quarter < QUARTERS; quarter++) {
      const value = INTENSITY_SCALE * (intensities[QUARTERS * cell + quarter] - 0.5);
      features[cell * HEAD_CHANNELS + dimensions + quarter] = value;
    }
  }
  return features;
}
