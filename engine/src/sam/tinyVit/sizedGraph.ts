import { ENCODER_INPUT_SIZE, TOKEN_PIXELS } from '../imageEncoder';
import { TINY_VIT } from './structure';

/**
 * Adapts MobileSAM's ONNX graph to another input size. The export holds the sides of its token grids and
 * the numbers of attention windows as constants; this replaces them in place and keeps all other bytes.
 *
 * @param graph bytes of `encoder.onnx`, for an input of 1024 x 1024
 * @param size side of the square input, a multiple of 16, 128 to 2032
 * @returns null when the graph is not such an export
 */
export function sizedGraph(graph: Uint8Array, size: number): Uint8Array | null {
  // Copy: `slice` of a Buffer returns a view.
  const sized = new Uint8Array(graph);
  const replacements = replacementsFor(size);
  let replaced = 0;
  try {
    const [model = new Uint8Array()] = fieldsOf(sized, MODEL_GRAPH);
    for (const node of fieldsOf(model, GRAPH_NODE)) {
      const constant = int64Constant(node);
      if (!constant) continue;
      const to = replacements.get(scopeOf(constant.name))?.get([...constant.values].join());
      if (!to) continue;
      constant.values.forEach((_, i) => constant.set(i, to[i]));
      replaced++;
    }
    for (const input of fieldsOf(model, GRAPH_INPUT)) {
      replaced += setSides(input, ENCODER_INPUT_SIZE, size);
    }
    for (const output of fieldsOf(model, GRAPH_OUTPUT)) {
      const side = ENCODER_INPUT_SIZE / TOKEN_PIXELS;
      replaced += setSides(output, side, size / TOKEN_PIXELS);
    }
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return replaced === EXPECTED ? sized : null;
}

/** Constants per block: sides, windows along a side, padded sides, paddings. */
const PER_BLOCK = 6 + 6 + 2 + 1;
const BLOCKS = TINY_VIT.stages.reduce((sum, { blocks }) => sum + blocks, 0);
/** Two patch mergings, two sides before the neck, two of the input and two of the output. */
const EXPECTED = BLOCKS * PER_BLOCK + 2 + 2 + 4;

/** By scope of the graph: constants as text -> their new values. */
function replacementsFor(size: number): Map<string, Map<string, number[]>> {
  const scopes = new Map<string, Map<string, number[]>>();
  const sides = (inputSize: number) => {
    let side = inputSize / 4;
    return TINY_VIT.stages.map(({ mergeStride }) => (side /= mergeStride));
  };
  const [from, to] = [sides(ENCODER_INPUT_SIZE), sides(size)];
  TINY_VIT.stages.forEach(({ blocks, window }, i) => {
    const [before, after] = [windowing(from[i], window), windowing(to[i], window)];
    const changes = new Map([
      [String(from[i]), [to[i]]],
      [String(before.count), [after.count]],
      [String(before.padded), [after.padded]],
      [before.paddings.join(), after.paddings],
    ]);
    for (let block = 0; block < blocks; block++) {
      scopes.set(`/layers.${i + 1}/blocks.${block}`, changes);
    }
    const merged = (side: number) => [1, side, side, -1];
    scopes.set(`/layers.${i + 1}/downsample`, new Map([[merged(from[i]).join(), merged(to[i])]]));
  });
  const last = TINY_VIT.stages.length - 1;
  scopes.set('', new Map([[String(from[last]), [to[last]]]]));
  return scopes;
}

function windowing(side: number, window: number) {
  const count = Math.ceil(side / window);
  const padded = count * window;
  return { count, padded, paddings: [0, 0, 0, padded - side, 0, padded - side] };
}

function scopeOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf('/')));
}

interface Int64Constant {
  name: string;
  values: readonly bigint[];
  set(index: number, value: number): void;
}

/** Returns the content of a node that is an int64 constant, else null. */
function int64Constant(node: Uint8Array): Int64Constant | null {
  const [type] = fieldsOf(node, NODE_OP_TYPE).map(textOf);
  if (type !== 'Constant') return null;
  const [name] = fieldsOf(node, NODE_OUTPUT).map(textOf);
  const [tensor] = fieldsOf(node, NODE_ATTRIBUTE).flatMap(one => fieldsOf(one, ATTRIBUTE_TENSOR));
  const [dataType] = tensor ? numbersOf(tensor, TENSOR_DATA_TYPE) : [];
  const [raw] = tensor ? fieldsOf(tensor, TENSOR_RAW_DATA) : [];
  if (dataType?.value !== DATA_TYPE_INT64 || !raw) return null;
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const values = Array.from({ length: raw.length / 8 }, (_, i) => view.getBigInt64(8 * i, true));
  return { name, values, set: (i, value) => view.setBigInt64(8 * i, BigInt(value), true) };
}

/** Replaces sides in the shape of an input or output. @returns how many */
function setSides(valueInfo: Uint8Array, from: number, to: number): number {
  const dimensions = [VALUE_TYPE, TYPE_TENSOR, TENSOR_SHAPE, SHAPE_DIMENSION].reduce(
    (messages, field) => messages.flatMap(message => fieldsOf(message, field)),
    [valueInfo],
  );
  const sides = dimensions
    .flatMap(dimension => numbersOf(dimension, DIMENSION_VALUE))
    .filter(({ value }) => value === from);
  for (const { bytes } of sides) writeVarint(bytes, to);
  return sides.length;
}

// Numbers of fields: onnx/onnx.proto.
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const NODE_OUTPUT = 2;
const NODE_OP_TYPE = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_TENSOR = 5;
const TENSOR_DATA_TYPE = 2;
const TENSOR_RAW_DATA = 9;
const DATA_TYPE_INT64 = 7;
const VALUE_TYPE = 2;
const TYPE_TENSOR = 1;
const TENSOR_SHAPE = 2;
const SHAPE_DIMENSION = 1;
const DIMENSION_VALUE = 1;

// Protocol Buffers: https://protobuf.dev/programming-guides/encoding/

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** A field's number, its wire type, and a view of its value. */
interface Field {
  number: number;
  kind: number;
  bytes: Uint8Array;
}

/** Iterates over the fields of a message. @throws RangeError when it is not a valid message */
function* fields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): Uint8Array => {
    const start = at;
    while (at < message.length && message[at] & 0x80) at++;
    return take(start, at + 1);
  };
  const take = (start: number, end: number) => {
    if (end > message.length) throw new RangeError('the message is cut off');
    at = end;
    return message.subarray(start, end);
  };
  while (at < message.length) {
    const tag = readVarint(varint());
    const kind = tag % 8;
    let bytes: Uint8Array;
    if (kind === VARINT) bytes = varint();
    else if (kind === FIXED_64) bytes = take(at, at + 8);
    else if (kind === FIXED_32) bytes = take(at, at + 4);
    else if (kind === BYTES) {
      const length = readVarint(varint());
      bytes = take(at, at + length);
    } else throw new RangeError(`unknown wire type ${kind}`);
    yield { number: Math.floor(tag / 8), kind, bytes };
  }
}

/** Returns the messages, texts or bytes of one field as views of the message. */
function fieldsOf(message: Uint8Array, number: number): Uint8Array[] {
  return [...fields(message)]
    .filter(field => field.number === number && field.kind === BYTES)
    .map(({ bytes }) => bytes);
}

function numbersOf(message: Uint8Array, number: number): { value: number; bytes: Uint8Array }[] {
  return [...fields(message)]
    .filter(field => field.number === number && field.kind === VARINT)
    .map(({ bytes }) => ({ value: readVarint(bytes), bytes }));
}

function readVarint(bytes: Uint8Array): number {
  return bytes.reduce((sum, byte, i) => sum + (byte & 0x7f) * 2 ** (7 * i), 0);
}

/**
 * Writes a varint into the given bytes, padded to their length.
 *
 * @throws RangeError when they are too few
 */
function writeVarint(bytes: Uint8Array, value: number): void {
  if (value >= 2 ** (7 * bytes.length)) throw new RangeError(`no room for ${value}`);
  bytes.forEach((_, i) => {
    const more = i + 1 < bytes.length ? 0x80 : 0;
    bytes[i] = (Math.floor(value / 2 ** (7 * i)) % 128) | more;
  });
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
