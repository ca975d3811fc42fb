import type * as tf from '@tensorflow/tfjs-core';
import {
  concatRows,
  gelu,
  layerNorm,
  matMulWithTransposed,
  relu,
  row,
  transposedConvolution,
} from './operations';
import { namedLinear, twoWayTransformer, type Parameters } from './twoWayTransformer';

const UPSCALING = 'mask_decoder.output_upscaling';
const NORM_2D_EPSILON = 1e-6;

/** An output token and the hyper-network that turns it into a mask. */
export interface MaskToken {
  /** Row of `tokens`. */
  row: number;
  /** `mask_decoder.output_hypernetworks_mlps.<hypernetwork>`. */
  hypernetwork: number;
}

/**
 * SAM's mask decoder without prompt encoder and IoU head.
 *
 * Source: segment_anything/modeling/mask_decoder.py, `predict_masks`.
 *
 * @param tokens [n, 256] all tokens: output tokens and prompts
 * @param image [size * size, 256] image tokens (plus dense prompt, if any), row by row
 * @param position [size * size, 256]
 * @returns [maskTokens.length, size * size * 16] logits in token order: see `rowMajorOfTokenOrder`
 */
export function maskDecoder(
  parameters: Parameters,
  tokens: tf.Tensor,
  image: tf.Tensor,
  position: tf.Tensor,
  maskTokens: readonly MaskToken[],
): tf.Tensor {
  const attended = twoWayTransformer(parameters, tokens, image, position);
  const pixels = upscale(parameters, attended.image);
  const kernels = maskTokens.map(token => {
    let x = row(attended.tokens, token.row);
    const name = `mask_decoder.output_hypernetworks_mlps.${token.hypernetwork}.layers`;
    for (let layer = 0; layer < 3; layer++) {
      x = namedLinear(parameters, `${name}.${layer}`, x);
      if (layer < 2) x = relu(x);
    }
    return x;
  });
  return matMulWithTransposed(concatRows(kernels), pixels);
}

/** [size * size, 256] -> [size * size * 16, 32], in token order. */
function upscale(parameters: Parameters, image: tf.Tensor): tf.Tensor {
  const convolve = (layer: number, x: tf.Tensor) =>
    transposedConvolution(
      x,
      parameters(`${UPSCALING}.${layer}.weight`),
      parameters(`${UPSCALING}.${layer}.bias`),
    );
  const normalized = layerNorm(
    convolve(0, image),
    parameters(`${UPSCALING}.1.weight`),
    parameters(`${UPSCALING}.1.bias`),
    NORM_2D_EPSILON,
  );
  return gelu(convolve(3, gelu(normalized)));
}
