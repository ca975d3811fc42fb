/** One tensor of a safetensors file. */
export interface WeightTensor {
  shape: number[];
  data: Float32Array;
}

/** Decoder weights under segment-anything's own names, e.g. `mask_decoder.iou_token.weight`. */
export type Weights = Map<string, WeightTensor>;
