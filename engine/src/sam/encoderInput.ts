import { FewshotError } from '../platform/errors';
import { ENCODER_INPUT_SIZE } from './imageEncoder';
import { encoderFrame, type EncoderFrame } from './encoderFrame';
import type { CropRectangle } from '../image/slice';
import { linearWeights, resample, sourceRange } from '../image/resample';
import type { Slice } from '../image/slice';
import type { ResolvedWindow } from '../image/window';

/** SAM's own normalization of 0..255 RGB (segment_anything/modeling/sam.py). */
export const PIXEL_MEAN = [123.675, 116.28, 103.53];
export const PIXEL_STD = [58.395, 57.12, 57.375];

/** Part of every cache key: increase it when `encoderInput` computes anything differently. */
export const PREPROCESSING_VERSION = 1;

export interface EncoderInput {
  /** [3, size, size] float32, normalized as SAM expects; the padding is 0. */
  input: Float32Array;
  /** Frame of the slice in an input of 1024 x 1024; for other sizes, scale it. */
  frame: EncoderFrame;
}

export interface EncoderInputOptions {
  /** The part of the slice that the encoder sees; by default all of it. */
  crop?: CropRectangle;
  /** Side of the input; by default 1024. */
  size?: number;
  /**
   * An earlier `input` of the same size to overwrite: touching fresh memory takes longer than this
   * computation.
   */
  into?: Float32Array;
}

/**
 * Prepares the encoder's input for one slice: clips the intensities to the window, resamples to isotropic
 * pixels so that the longest side fills the input, replicates gray to RGB, normalizes, and pads at the
 * bottom and right, as SAM does.
 *
 * @throws FewshotError `bad-input` when a pixel is not a number, or the crop extends beyond the slice
 */
export function encoderInput(
  slice: Slice,
  { low, high }: ResolvedWindow,
  { crop, size = ENCODER_INPUT_SIZE, into }: EncoderInputOptions = {},
): EncoderInput {
  const frame = encoderFrame(slice, crop);
  const [height, width] = [frame.height, frame.width].map(side =>
    Math.max(1, Math.round((side * size) / ENCODER_INPUT_SIZE)),
  );
  const rowWeights = linearWeights({
    sourceSize: slice.rows,
    targetSize: height,
    step: frame.crop.rows / height,
    offset: frame.crop.row,
  });
  const columnWeights = linearWeights({
    sourceSize: slice.columns,
    targetSize: width,
    step: frame.crop.columns / width,
    offset: frame.crop.column,
  });
  checkPixels(slice);
  const seen = sourceRange(rowWeights);
  const resized = (slice.color ?? [slice.pixels]).map(values => {
    const gray = new Float32Array(values.length);
    for (let i = seen.start * slice.columns; i < seen.end * slice.columns; i++) {
      gray[i] = ((Math.min(Math.max(values[i], low), high) - low) / (high - low)) * 255;
    }
    return resample(gray, slice.columns, rowWeights, columnWeights);
  });
  const plane = size * size;
  const input = into ?? new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const [mean, deviation] = [PIXEL_MEAN[channel], PIXEL_STD[channel]];
    const values = resized[channel % resized.length];
    for (let row = 0; row < height; row++) {
      const to = channel * plane + row * size;
      const from = row * width;
      for (let column = 0; column < width; column++) {
        input[to + column] = (values[from + column] - mean) / deviation;
      }
      input.fill(0, to + width, to + size);
    }
    input.fill(0, channel * plane + height * size, (channel + 1) * plane);
  }
  return { input, frame };
}

function checkPixels({ pixels, index, columns }: Slice): void {
  for (let i = 0; i < pixels.length; i++) {
    if (!Number.isNaN(pixels[i])) continue;
    throw new FewshotError(
      'bad-input',
      `Slice ${index} has a pixel that is not a number (row ${Math.floor(i / columns)}, column ${i % columns}).`,
      'Replace NaN in the image by its background value.',
    );
  }
}
