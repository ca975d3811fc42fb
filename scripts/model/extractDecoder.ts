import onnxProto from 'onnx-proto';
import { transpose } from '../../engine/src/sam/matmulLayout';
import type { Weights, WeightTensor } from '../../engine/src/sam/weights';

/** Attention and MLP linears of one two-way block, in the order of PyTorch's export. */
const BLOCK = [
  ...attention('self_attn'),
  ...attention('cross_attn_token_to_image'),
  'mlp.lin1',
  'mlp.lin2',
  ...attention('cross_attn_image_to_token'),
];

/** The linear layers whose weights the export left unnamed, by ascending number. */
const ANONYMOUS_LINEARS = [
  ...BLOCK.map(name => `layers.0.${name}`),
  ...BLOCK.map(name => `layers.1.${name}`),
  ...attention('final_attn_token_to_image'),
].map(name => `mask_decoder.transformer.${name}.weight`);

/** Other tensors that the export renamed, by their role in the graph. */
const RENAMED: [pattern: RegExp, shape: number[], name: string][] = [
  [/^onnx::Mul_1919$/, [1, 256], 'prompt_encoder.no_mask_embed.weight'],
  [/^onnx::Mul_1984$/, [64], 'mask_decoder.output_upscaling.1.weight'],
  [/^onnx::Add_1986$/, [64], 'mask_decoder.output_upscaling.1.bias'],
];

function attention(name: string): string[] {
  return ['q_proj', 'k_proj', 'v_proj', 'out_proj'].map(part => `${name}.${part}`);
}

/**
 * Reads the mask decoder's tensors from SAM's ONNX export (prompt encoder and mask decoder) under the names
 * and layouts of segment-anything's PyTorch checkpoint: linear weights are [out, in]. The result depends
 * only on the input bytes.
 *
 * @throws Error when a tensor is missing, or its shape differs from SAM's
 */
export function extractDecoderWeights(onnxBytes: Uint8Array): Weights {
  const { graph } = onnxProto.onnx.ModelProto.decode(onnxBytes);
  const tensors = new Map<string, WeightTensor>();
  for (const tensor of graph?.initializer ?? []) {
    if (!tensor.name || !tensor.rawData || tensor.dataType !== 1) continue;
    tensors.set(tensor.name, {
      shape: (tensor.dims ?? []).map(Number),
      data: new Float32Array(new Uint8Array(tensor.rawData).buffer),
    });
  }
  const found: Weights = new Map();

  for (const [name, tensor] of tensors) {
    if (name.startsWith('mask_decoder.')) found.set(name, tensor);
    if (/^model\.prompt_encoder\.(pe_layer|point_embeddings|not_a_point)/.test(name)) {
      found.set(name.replace('model.', ''), tensor);
    }
  }

  const anonymous = [...tensors.keys()]
    .filter(name => name.startsWith('onnx::MatMul_'))
    .sort((a, b) => Number(a.split('_')[1]) - Number(b.split('_')[1]));
  if (anonymous.length !== ANONYMOUS_LINEARS.length) {
    throw new Error(
      `The decoder has ${anonymous.length} unnamed linear layers instead of ${ANONYMOUS_LINEARS.length}.`,
    );
  }
  anonymous.forEach((name, i) => found.set(ANONYMOUS_LINEARS[i], transpose(tensors.get(name)!)));

  for (const [pattern, shape, target] of RENAMED) {
    const name = [...tensors.keys()].find(key => pattern.test(key));
    if (!name) throw new Error(`The decoder has no tensor ${pattern.source} for ${target}.`);
    found.set(target, reshape(tensors.get(name)!, shape, target));
  }
  const tokens = tensors.get('onnx::Expand_1921');
  if (tokens?.data.length !== 5 * 256) throw new Error('The decoder has no IoU and mask tokens.');
  found.set('mask_decoder.iou_token.weight', {
    shape: [1, 256],
    data: tokens.data.slice(0, 256),
  });
  found.set('mask_decoder.mask_tokens.weight', {
    shape: [4, 256],
    data: tokens.data.slice(256),
  });
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function reshape({ data }: WeightTensor, shape: number[], name: string): WeightTensor {
  if (data.length !== shape.reduce((product, size) => product * size, 1)) {
    throw new Error(`${name} has ${data.length} values, not ${shape.join(' x ')}.`);
  }
  return { shape, data };
}
