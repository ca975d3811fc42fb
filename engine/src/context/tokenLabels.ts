import { LOW_RES_SIZE, maskToLowRes, type EncoderFrame } from '../sam/encoderFrame';
import { linearWeights, resample } from '../image/resample';
import type { Mask } from '../image/slice';
import { EMBEDDING_SIZE, ENCODER_INPUT_SIZE, TOKEN_PIXELS } from '../sam/imageEncoder';

/** Foreground fractions, 0..1, of the cells of every token: [tokens, cells * cells]. */
export type TokenLabels = Float32Array;

/** Cells along each side of a token, at most. */
export const MOST_CELLS = 4;

/**
 * Returns the cells along each side of a token: as fine as the slice's pixels, 4 at most. Labels are
 * transferred at this resolution, so that an outline is not coarsened to whole tokens.
 */
export function cellsPerToken(frame: EncoderFrame): 1 | 2 | 4 {
  const pixelsPerToken = Math.max(...tokenSide(frame));
  if (pixelsPerToken <= 1.25) return 1;
  return pixelsPerToken <= 2.25 ? 2 : MOST_CELLS;
}

/** Returns the rows and columns of the slice, in pixels, that a token covers. */
export function tokenSide({ crop, height, width }: EncoderFrame): [rows: number, columns: number] {
  return [(crop.rows / height) * TOKEN_PIXELS, (crop.columns / width) * TOKEN_PIXELS];
}

/** Converts a mask to token labels. @param mask on the slice's grid */
export function maskToTokens(mask: Mask, frame: EncoderFrame, cells: number): TokenLabels {
  const { coverage } = maskToLowRes(mask, frame);
  const block = MOST_CELLS / cells;
  const labels = new Float32Array(EMBEDDING_SIZE * EMBEDDING_SIZE * cells * cells);
  for (let row = 0; row < LOW_RES_SIZE; row++) {
    for (let column = 0; column < LOW_RES_SIZE; column++) {
      const token = Math.floor(row / MOST_CELLS) * EMBEDDING_SIZE + Math.floor(column / MOST_CELLS);
      const cellRow = Math.floor((row % MOST_CELLS) / block);
      const cellColumn = Math.floor((column % MOST_CELLS) / block);
      labels[token * cells * cells + cellRow * cells + cellColumn] +=
        coverage[row * LOW_RES_SIZE + column] / (block * block);
    }
  }
  return labels;
}

/** Resamples token labels bilinearly to the crop. @returns [crop.rows, crop.columns] */
export function tokensToCrop(
  labels: TokenLabels,
  { crop, height, width }: EncoderFrame,
  cells: number,
): Float32Array {
  const side = EMBEDDING_SIZE * cells;
  const plane = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const token = Math.floor(row / cells) * EMBEDDING_SIZE + Math.floor(column / cells);
      const cell = (row % cells) * cells + (column % cells);
      plane[row * side + column] = labels[token * cells * cells + cell];
    }
  }
  const pixelsPerCell = ENCODER_INPUT_SIZE / side;
  const axis = (cropSize: number, encoderSize: number) =>
    linearWeights({
      sourceSize: Math.ceil(encoderSize / pixelsPerCell),
      targetSize: cropSize,
      step: encoderSize / cropSize / pixelsPerCell,
      offset: 0,
    });
  const rows = Math.ceil(height / pixelsPerCell);
  return resample(
    plane.subarray(0, rows * side),
    side,
    axis(crop.rows, height),
    axis(crop.columns, width),
  );
}

/** Pastes values of the crop into a slice. */
export function pasteCrop<T extends Uint8Array | Float32Array>(
  values: T,
  into: T,
  { crop, columns }: EncoderFrame,
): T {
  for (let row = 0; row < crop.rows; row++) {
    const from = row * crop.columns;
    into.set(values.subarray(from, from + crop.columns), (crop.row + row) * columns + crop.column);
  }
  return into;
}
