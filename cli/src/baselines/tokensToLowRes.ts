import {
  EMBEDDING_SIZE,
  ENCODER_INPUT_SIZE,
  type EncoderFrame,
  LOW_RES_SIZE,
} from 'fewshot-sam/compute';
import { linearWeights, resample } from 'fewshot-sam';

/**
 * Resamples one value per image token bilinearly to the low-resolution frame. Excludes tokens that hold
 * only padding, so that they do not blur into the image's edge.
 *
 * @param values [64, 64]
 * @returns [256, 256]; 0 where there is only padding
 */
export function tokensToLowRes(
  values: Float32Array,
  frame: Pick<EncoderFrame, 'height' | 'width'>,
): Float32Array {
  const axis = (encoderSize: number) =>
    linearWeights({
      sourceSize: Math.ceil((encoderSize / ENCODER_INPUT_SIZE) * EMBEDDING_SIZE),
      targetSize: LOW_RES_SIZE,
      step: EMBEDDING_SIZE / LOW_RES_SIZE,
      offset: 0,
    });
  return resample(values, EMBEDDING_SIZE, axis(frame.height), axis(frame.width));
}
