import { FewshotError } from '../platform/errors';
import { ENCODER_INPUT_SIZE } from './imageEncoder';
import { areaWeights, linearWeights, resample, type AxisMapping } from '../image/resample';
import type { CropRectangle, Mask, Slice } from '../image/slice';

/** Side of SAM's low-resolution masks: a quarter of the encoder input. */
export const LOW_RES_SIZE = 256;

/** Logit of pixels outside the crop, which the encoder never saw: certain background. */
export const OUTSIDE_CROP_LOGIT = -16;

/**
 * How a slice maps to the square encoder input: the crop fills the top left `height` x `width` pixels edge
 * to edge, the rest is padding. Pixels of the encoder input are isotropic in mm, up to the rounding of
 * `height` and `width` to whole pixels.
 */
export interface EncoderFrame {
  /** The slice's own grid. */
  rows: number;
  columns: number;
  crop: CropRectangle;
  /** Pixels of the encoder input that hold image, 1..1024; the larger of the two is 1024. */
  height: number;
  width: number;
}

/**
 * Computes how a slice, or a crop of it, maps to the encoder input.
 *
 * @param crop all of the slice by default
 * @throws FewshotError `bad-input` when the crop extends beyond the slice, `bad-geometry` on bad spacing
 */
export function encoderFrame(
  slice: Pick<Slice, 'rows' | 'columns' | 'rowSpacing' | 'columnSpacing'>,
  crop: CropRectangle = { row: 0, column: 0, rows: slice.rows, columns: slice.columns },
): EncoderFrame {
  const { rows, columns, rowSpacing, columnSpacing } = slice;
  if (!(rowSpacing > 0 && columnSpacing > 0 && rowSpacing < Infinity && columnSpacing < Infinity)) {
    throw new FewshotError(
      'bad-geometry',
      `Pixel spacing is ${rowSpacing} x ${columnSpacing} mm.`,
      'Use a series whose pixel spacing is known and positive.',
    );
  }
  const corners = [crop.row, crop.column, crop.rows, crop.columns];
  const isInside =
    corners.every(Number.isInteger) &&
    crop.row >= 0 &&
    crop.column >= 0 &&
    crop.rows > 0 &&
    crop.columns > 0 &&
    crop.row + crop.rows <= rows &&
    crop.column + crop.columns <= columns;
  if (!isInside) {
    throw new FewshotError(
      'bad-input',
      `The crop (row ${crop.row}, column ${crop.column}, ${crop.rows} x ${crop.columns}) does not lie inside the slice of ${rows} x ${columns} pixels.`,
      'Choose a rectangle of whole pixels inside the slice.',
    );
  }
  const heightInMm = crop.rows * rowSpacing;
  const widthInMm = crop.columns * columnSpacing;
  const pixelsPerMm = ENCODER_INPUT_SIZE / Math.max(heightInMm, widthInMm);
  return {
    rows,
    columns,
    crop: { ...crop },
    height: Math.max(1, Math.round(heightInMm * pixelsPerMm)),
    width: Math.max(1, Math.round(widthInMm * pixelsPerMm)),
  };
}

/** Maps an axis of the low-resolution frame to that of the cropped slice. */
function toCrop(cropSize: number, encoderSize: number, side: number): AxisMapping {
  const step = (cropSize / encoderSize) * (ENCODER_INPUT_SIZE / side);
  return { sourceSize: cropSize, targetSize: side, step, offset: 0 };
}

/** Maps an axis of the cropped slice to that of the low-resolution frame, without its padding. */
function fromCrop(cropSize: number, encoderSize: number, side: number): AxisMapping {
  const lowResStep = ENCODER_INPUT_SIZE / side;
  return {
    sourceSize: Math.ceil(encoderSize / lowResStep),
    targetSize: cropSize,
    step: encoderSize / cropSize / lowResStep,
    offset: 0,
  };
}

export interface LowResMask {
  /** [side, side] fraction of each pixel's image area that is foreground, 0..1; 0 in the padding. */
  coverage: Float32Array;
  /**
   * [side, side] fraction of each pixel that holds image: 1 inside, 0 in the padding, in between at its edge.
   */
  valid: Float32Array;
}

/**
 * Resamples a mask from the slice's grid to the frame of the decoder's masks by area average.
 *
 * @param side of these masks: four times as many pixels as the embedding has tokens; 256 as published
 */
export function maskToLowRes(mask: Mask, frame: EncoderFrame, side = LOW_RES_SIZE): LowResMask {
  const { crop } = frame;
  const cropped = new Float32Array(crop.rows * crop.columns);
  for (let row = 0; row < crop.rows; row++) {
    const from = (crop.row + row) * frame.columns + crop.column;
    cropped.set(mask.subarray(from, from + crop.columns), row * crop.columns);
  }
  const rows = areaWeights(toCrop(crop.rows, frame.height, side));
  const columns = areaWeights(toCrop(crop.columns, frame.width, side));
  const coverage = resample(cropped, crop.columns, rows, columns);
  const valid = new Float32Array(side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      valid[row * side + column] = rows.inside[row] * columns.inside[column];
    }
  }
  return { coverage, valid };
}

/**
 * Resamples square logits, or other values in the frame of the decoder's masks, to the slice's grid.
 *
 * @param logits [side, side], see `maskToLowRes`
 * @param outside value of the pixels outside the crop
 * @returns row-major, `rows * columns` of the slice
 */
export function logitsToSlice(
  logits: Float32Array,
  frame: EncoderFrame,
  outside = OUTSIDE_CROP_LOGIT,
): Float32Array {
  const { crop } = frame;
  const side = Math.sqrt(logits.length);
  const down = fromCrop(crop.rows, frame.height, side);
  const rows = linearWeights(down);
  const columns = linearWeights(fromCrop(crop.columns, frame.width, side));
  // Only the valid rows are read, and linearWeights never reaches past sourceSize into the padding.
  const valid = logits.subarray(0, down.sourceSize * side);
  const cropped = resample(valid, side, rows, columns);
  const result = new Float32Array(frame.rows * frame.columns).fill(outside);
  for (let row = 0; row < crop.rows; row++) {
    const from = row * crop.columns;
    const to = (crop.row + row) * frame.columns + crop.column;
    result.set(cropped.subarray(from, from + crop.columns), to);
  }
  return result;
}
