import onnxProto from 'onnx-proto';
import { ENCODER_WEIGHTS_PATH } from '../../engine/src/sam/imageEncoderOnnx';
import {
  encodeSafetensors,
  parseSafetensorsHeader,
  type TensorPlace,
} from '../../engine/src/sam/safetensors';
import { encoderTensors, windowOffsets, type EncoderTensor } from './encoderTensors';

const { DataLocation, DataType } = onnxProto.onnx.TensorProto;
const { AttributeType } = onnxProto.onnx.AttributeProto;

type Node = onnxProto.onnx.INodeProto;
type RawTensor = onnxProto.onnx.ITensorProto;

export interface EncoderFiles {
  /** `encoder.safetensors`: all weights in half precision. */
  weights: Uint8Array;
  /** `encoder.onnx`: the graph, whose weights refer to `encoder.safetensors`. */
  graph: Uint8Array;
}

/**
 * Splits MobileSAM's ONNX export into weights, in half precision, and a graph that refers to them, so that
 * all runtimes share one copy. The graph computes in float32: it casts each tensor and converts it to
 * ONNX's layout, which ONNX Runtime does once, at load. Other constants, such as epsilons, stay in the
 * graph. The result depends only on the input bytes.
 *
 * @throws Error when the export contains anything that is not part of TinyViT
 */
export function encoderFiles(onnxBytes: Uint8Array): EncoderFiles {
  const model = onnxProto.onnx.ModelProto.decode(onnxBytes);
  const graph = model.graph!;
  const tensors = encoderTensors(graph);
  const weights = encodeSafetensors(
    new Map(tensors.map(({ name, shape, data }) => [name, { shape, data }])),
    {},
    'F16',
  );
  const { tensors: places } = parseSafetensorsHeader(weights);
  const indices = new Map<number, RawTensor>();
  const replaced = new Set(tensors.map(({ value }) => value));
  const ownNodes = (graph.node ?? []).filter(({ output }) => !replaced.has(output![0]));
  graph.node = [...tensors.flatMap(tensor => nodesOf(tensor, indices)), ...ownNodes];
  graph.initializer = [
    ...tensors.map(tensor => externalTensor(tensor, places.get(tensor.name)!)),
    ...indices.values(),
  ];
  return { weights, graph: onnxProto.onnx.ModelProto.encode(model).finish() };
}

function externalTensor({ name, shape, role }: EncoderTensor, place: TensorPlace): RawTensor {
  return {
    name,
    dataType: DataType.FLOAT16,
    // The norms of the neck run over channels, which come first.
    dims: role === 'channel norm' ? [...shape, 1, 1] : shape,
    dataLocation: DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: ENCODER_WEIGHTS_PATH },
      { key: 'offset', value: String(place.start) },
      { key: 'length', value: String(place.length) },
    ],
  };
}

/**
 * Returns the nodes that convert a tensor to the value that the graph uses.
 *
 * @param indices side of the window -> its index tensor; missing ones are added
 */
function nodesOf({ name, value, shape, role }: EncoderTensor, indices: Map<number, RawTensor>) {
  const to = { name: 'to', type: AttributeType.INT, i: DataType.FLOAT };
  const float = role === 'linear weight' || role === 'attention biases' ? `${name}.float` : value;
  const cast = node('Cast', [name], float, to);
  if (role === 'linear weight') {
    const perm = { name: 'perm', type: AttributeType.INTS, ints: [1, 0] };
    return [cast, node('Transpose', [float], value, perm)];
  }
  if (role === 'attention biases') {
    const pairs = windowIndices(Math.sqrt(shape[1]), indices);
    const axis = { name: 'axis', type: AttributeType.INT, i: 1 };
    const toInt = { name: 'to', type: AttributeType.INT, i: DataType.INT32 };
    return [
      cast,
      node('Cast', [pairs.name!], `${name}.pairs`, toInt),
      node('Gather', [float, `${name}.pairs`], value, axis),
    ];
  }
  return [cast];
}

/**
 * Returns the indices as bytes, because ONNX's index types take up to eight times the space in the graph.
 */
function windowIndices(side: number, indices: Map<number, RawTensor>): RawTensor {
  let tensor = indices.get(side);
  if (!tensor) {
    tensor = {
      name: `window_offsets_${side}`,
      dataType: DataType.UINT8,
      dims: [side * side, side * side],
      rawData: windowOffsets(side),
    };
    indices.set(side, tensor);
  }
  return tensor;
}

function node(
  opType: string,
  input: string[],
  output: string,
  attribute: onnxProto.onnx.IAttributeProto,
): Node {
  return { opType, name: `/${output}/${opType}`, input, output: [output], attribute: [attribute] };
}
