import { FewshotError } from '../platform/errors';

/** One tensor of a safetensors file. */
export interface WeightTensor {
  shape: number[];
  data: Float32Array;
}

/** Decoder weights under segment-anything's own names, e.g. `mask_decoder.iou_token.weight`. */
export type Weights = Map<string, WeightTensor>;

/**
 * Returns the values of a tensor.
 *
 * @param part model part named in the error
 * @throws FewshotError `model-altered` when there is no such tensor
 */
export function samWeight(weights: Weights, name: string, part = 'decoder'): Float32Array {
  const tensor = weights.get(name);
  if (tensor) return tensor.data;
  throw weightMissing(name, part);
}

export function weightMissing(name: string, part = 'decoder'): FewshotError {
  return new FewshotError(
    'model-altered',
    `The ${part}'s weights lack "${name}".`,
    'Run `npm run setup` to prepare the model again.',
  );
}
