import onnxProto from 'onnx-proto';
import { transpose } from '../../engine/src/sam/matmulLayout';
import type { WeightTensor } from '../../engine/src/sam/weights';

/** Role of a tensor in the graph; the file stores some in another layout. */
export type TensorRole = 'as it is' | 'linear weight' | 'channel norm' | 'attention biases';

export interface EncoderTensor extends WeightTensor {
  /** TinyViT's name, e.g. `image_encoder.layers.1.blocks.0.attn.qkv.weight`. */
  name: string;
  /** Name of the value in the graph that the tensor provides. */
  value: string;
  role: TensorRole;
}

type Node = onnxProto.onnx.INodeProto;
type RawTensor = onnxProto.onnx.ITensorProto;

/** Maps inputs of an operation to parameters of its module. */
const PARAMETERS: Record<string, (string | undefined)[]> = {
  Conv: [undefined, 'weight', 'bias'],
  MatMul: [undefined, 'weight'],
  Mul: ['weight', 'weight'],
  Add: ['bias', 'bias'],
};

/**
 * Finds all tensors of TinyViT, MobileSAM's image encoder, in its ONNX export, under the names and in the
 * layouts of PyTorch's checkpoint:
 *
 * - convolutions: [out, in / groups, height, width]; the export merged the batch norms into them, so each
 *   has a bias and there are no `bn` tensors
 * - linear layers: [out, in]
 * - norms: [channels]
 * - attention biases: [heads, offsets], one value per distance between two tokens of a window, where
 *   `offset = rowsApart * side + columnsApart`; the graph holds them for each pair of tokens
 *
 * The names derive from the graph's nodes, which are named by the path of their module.
 *
 * @returns sorted by name
 * @throws Error when a tensor does not fit this scheme
 */
export function encoderTensors(graph: onnxProto.onnx.IGraphProto): EncoderTensor[] {
  const initializers = new Map((graph.initializer ?? []).map(tensor => [tensor.name!, tensor]));
  const unused = new Set(initializers.keys());
  const tensors: EncoderTensor[] = [];
  for (const node of graph.node ?? []) {
    const biases = attentionBiases(node, graph);
    if (biases) tensors.push(biases);
    for (const [position, value] of (node.input ?? []).entries()) {
      const initializer = initializers.get(value);
      if (!initializer) continue;
      const parameter = PARAMETERS[node.opType!]?.[position];
      if (!parameter || !unused.delete(value)) throw new Error(`${value}: an unknown use.`);
      const name = `${moduleOf(node)}.${parameter}`;
      if (!value.includes('::') && `image_encoder.${value}` !== name) {
        throw new Error(`${value} is used as ${name}.`);
      }
      tensors.push({ name, value, ...inCheckpointLayout(node, values(initializer)) });
    }
  }
  if (unused.size) throw new Error(`Nothing uses ${[...unused].join(', ')}.`);
  return tensors.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `/layers.1/blocks.0/attn/qkv/MatMul` -> `image_encoder.layers.1.blocks.0.attn.qkv` */
function moduleOf(node: Node): string {
  const path = node.name!.split('/').slice(1, -1);
  // An element of a sequence is listed below its sequence: /neck/neck.0/Conv.
  const parts = path.filter((part, i) => !path[i + 1]?.startsWith(`${part}.`));
  return ['image_encoder', ...parts].join('.');
}

function inCheckpointLayout(
  { opType }: Node,
  tensor: WeightTensor,
): WeightTensor & { role: TensorRole } {
  if (opType === 'MatMul') return { ...transpose(tensor), role: 'linear weight' };
  if (opType === 'Conv' || tensor.shape.length === 1) return { ...tensor, role: 'as it is' };
  return { shape: [tensor.data.length], data: tensor.data, role: 'channel norm' };
}

/**
 * Returns the attention biases that a node adds to the products of queries and keys; null for other nodes.
 */
function attentionBiases(node: Node, graph: onnxProto.onnx.IGraphProto): EncoderTensor | null {
  if (!/\/attn\/Add$/.test(node.name!)) return null;
  const value = node.input![1];
  const constant = graph.node!.find(({ output }) => output?.includes(value));
  const pairs = values(constant!.attribute![0].t!);
  const [heads, tokens] = pairs.shape;
  const offsets = windowOffsets(Math.sqrt(tokens));
  // The first token lies in a corner, so its distances to all others are all distances, in order.
  const data = new Float32Array(heads * tokens);
  for (let head = 0; head < heads; head++) {
    const first = head * tokens * tokens;
    data.set(pairs.data.subarray(first, first + tokens), head * tokens);
    offsets.forEach((offset, pair) => {
      if (pairs.data[first + pair] !== data[head * tokens + offset]) {
        throw new Error(`${value} depends on more than the distance of tokens.`);
      }
    });
  }
  const name = `${moduleOf(node)}.attention_biases`;
  return { name, value, shape: [heads, tokens], data, role: 'attention biases' };
}

/**
 * Returns the bias index for each pair of tokens of a window.
 *
 * @param side of the window in tokens, at most 16
 * @returns [side², side²] row-major
 */
export function windowOffsets(side: number): Uint8Array {
  const tokens = side * side;
  return Uint8Array.from({ length: tokens * tokens }, (_, pair) => {
    const [a, b] = [Math.floor(pair / tokens), pair % tokens];
    const rows = Math.abs(Math.floor(a / side) - Math.floor(b / side));
    return rows * side + Math.abs((a % side) - (b % side));
  });
}

function values({ name, dims, dataType, rawData }: RawTensor): WeightTensor {
  if (dataType !== onnxProto.onnx.TensorProto.DataType.FLOAT || !rawData) {
    throw new Error(`${name} is not a float32 tensor.`);
  }
  return {
    shape: (dims ?? []).map(Number),
    data: new Float32Array(new Uint8Array(rawData).buffer),
  };
}
