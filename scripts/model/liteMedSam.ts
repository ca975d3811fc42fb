import type { Weights, WeightTensor } from '../../engine/src/sam/weights';
import { PIXEL_MEAN, PIXEL_STD } from '../../engine/src/sam/encoderInput';

const EPSILON = 1e-5;
const PATCH_EMBEDDING = 'image_encoder.patch_embed.seq.';

/**
 * Converts LiteMedSAM's weights to the structure of MobileSAM, which differs in one place. LiteMedSAM takes 256 x 256
 * pixels, and its patch embedding is two convolutions of 1 x 1; MobileSAM takes 1024 x 1024 pixels, and its patch
 * embedding is two convolutions of 3 x 3 that halve the image. Everything behind is the same network with the same
 * 64 x 64 tokens. Each 3 x 3 convolution here is the 1 x 1 convolution over the mean of 2 x 2 pixels. On an image
 * whose 4 x 4 pixels are equal this is LiteMedSAM exactly; on others the mean over 2 x 2 comes after the activation,
 * which differs little on resampled images.
 *
 * Batch norms are merged into the convolutions. LiteMedSAM's pixels are 0..1, ours have SAM's mean and deviation;
 * the first convolution includes the difference.
 *
 * Source: MedSAM, branch LiteMedSAM, tiny_vit_sam.py (`PatchEmbed`, `Conv2d_BN`).
 *
 * @param checkpoint weights of lite_medsam.pth under PyTorch's names
 * @param names of the tensors that the product reads of the image encoder and of the decoder, each sorted
 * @throws Error when the checkpoint lacks a tensor
 */
export function liteMedSamWeights(
  checkpoint: Weights,
  names: { encoder: readonly string[]; decoder: readonly string[] },
): { encoder: Weights; decoder: Weights } {
  const encoder = new Map(names.encoder.map(name => [name, encoderTensor(checkpoint, name)]));
  const decoder = new Map(names.decoder.map(name => [name, tensorOf(checkpoint, name)]));
  return { encoder, decoder };
}

function encoderTensor(checkpoint: Weights, name: string): WeightTensor {
  const merged = /^(.*)\.c\.(weight|bias)$/.exec(name);
  if (!merged) return tensorOf(checkpoint, name);
  const [, module, parameter] = merged;
  let convolution = mergeBatchNorm(checkpoint, module);
  if (module.startsWith(PATCH_EMBEDDING)) {
    if (module === `${PATCH_EMBEDDING}0`) convolution = fromSamPixels(convolution);
    convolution.weight = overMeanOfFour(convolution.weight);
  }
  return convolution[parameter as 'weight' | 'bias'];
}

interface Convolution {
  /** [out, in, height, width] */
  weight: WeightTensor;
  /** [out] */
  bias: WeightTensor;
}

/** Merges a batch norm into the convolution before it, which has no bias. */
function mergeBatchNorm(checkpoint: Weights, module: string): Convolution {
  const weight = tensorOf(checkpoint, `${module}.c.weight`);
  const [scale, shift, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    name => tensorOf(checkpoint, `${module}.bn.${name}`).data,
  );
  const factors = scale.map((value, output) => value / Math.sqrt(variance[output] + EPSILON));
  const perOutput = weight.data.length / factors.length;
  return {
    weight: {
      shape: weight.shape,
      data: weight.data.map((value, at) => value * factors[Math.floor(at / perOutput)]),
    },
    bias: {
      shape: [factors.length],
      data: factors.map((factor, output) => shift[output] - mean[output] * factor),
    },
  };
}

/** Changes a convolution over pixels of 0..1 to one over pixels with SAM's mean and deviation. */
function fromSamPixels({ weight, bias }: Convolution): Convolution {
  const data = weight.data.map((value, at) => (value * PIXEL_STD[at % 3]) / 255);
  const shifted = bias.data.map((value, output) =>
    PIXEL_MEAN.reduce(
      (sum, mean, channel) => sum + (weight.data[3 * output + channel] * mean) / 255,
      value,
    ),
  );
  return { weight: { ...weight, data }, bias: { ...bias, data: shifted } };
}

/**
 * Changes a 1 x 1 convolution to one of 3 x 3 with stride 2 and a border of 1, which takes the mean of the 2 x 2 pixels
 * from (2y, 2x). The border is never read: its row and column of the kernel are 0.
 */
function overMeanOfFour({ shape: [outputs, inputs], data }: WeightTensor): WeightTensor {
  const kernel = new Float32Array(outputs * inputs * 9);
  data.forEach((value, at) => {
    for (const place of [4, 5, 7, 8]) kernel[9 * at + place] = value / 4;
  });
  return { shape: [outputs, inputs, 3, 3], data: kernel };
}

function tensorOf(checkpoint: Weights, name: string): WeightTensor {
  const tensor = checkpoint.get(name);
  if (!tensor) throw new Error(`The checkpoint lacks "${name}".`);
  return tensor;
}
