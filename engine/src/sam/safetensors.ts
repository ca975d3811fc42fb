import { FewshotError } from '../platform/errors';
import { fromFloat16, toFloat16 } from '../numeric/float16';
import type { Weights } from './weights';

export interface SafetensorsFile {
  weights: Weights;
  /** The file's `__metadata__`: free text by key. */
  metadata: Record<string, string>;
}

/** Type of a tensor's stored values: F32, or F16 in half the bytes. */
export type Precision = 'F32' | 'F16';

/** Position and type of one tensor in a file. */
export interface TensorPlace {
  precision: Precision;
  shape: number[];
  /** Byte offset of its first value from the start of the file. */
  start: number;
  /** Bytes. */
  length: number;
}

const BYTES: Record<Precision, number> = { F32: 4, F16: 2 };

const REMEDY = 'Copy or download the original file again.';

/**
 * Writes tensors as a safetensors file: 8 bytes of header length, a JSON header padded with spaces
 * to a multiple of 8, then the values, little-endian. The order of `weights` is kept, so equal
 * weights give equal bytes.
 *
 * Source: https://github.com/huggingface/safetensors (README, "Format").
 *
 * @param precision of all values; F16 rounds them to the nearest
 */
export function encodeSafetensors(
  weights: Weights,
  metadata: Record<string, string> = {},
  precision: Precision = 'F32',
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length) header.__metadata__ = metadata;
  let offset = 0;
  for (const [name, { shape, data }] of weights) {
    const end = offset + data.length * BYTES[precision];
    header[name] = { dtype: precision, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(json, 8);
  let position = 8 + headerBytes;
  for (const { data } of weights.values()) {
    const values = precision === 'F16' ? toFloat16(data) : data;
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position);
    position += values.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file whose tensors are float32 or float16.
 *
 * @returns all values as float32
 * @throws FewshotError `model-altered` when it is cut off, not safetensors, or holds another type
 */
export function parseSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { tensors, metadata } = parseSafetensorsHeader(bytes);
  const weights: Weights = new Map();
  for (const [name, { precision, shape, start, length }] of tensors) {
    // Copy: the values may be unaligned, and slice() of Node's Buffer does not copy.
    const { buffer } = new Uint8Array(bytes.subarray(start, start + length));
    const data =
      precision === 'F16' ? fromFloat16(new Uint16Array(buffer)) : new Float32Array(buffer);
    weights.set(name, { shape, data });
  }
  return { weights, metadata };
}

/**
 * Reads the header of a safetensors file: the position of each tensor, without its values.
 *
 * @throws FewshotError `model-altered`, see `parseSafetensors`
 */
export function parseSafetensorsHeader(
  bytes: Uint8Array,
): Pick<SafetensorsFile, 'metadata'> & { tensors: Map<string, TensorPlace> } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 8) throw altered(`it has only ${bytes.length} bytes`);
  const headerBytes = Number(view.getBigUint64(0, true));
  if (headerBytes > bytes.length - 8) throw altered('its header is cut off');
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)));
  } catch {
    throw altered('its header is not JSON');
  }
  const firstValue = 8 + headerBytes;
  let valueBytes = 0;
  const tensors = new Map<string, TensorPlace>();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
    if (dtype !== 'F32' && dtype !== 'F16') {
      throw altered(`tensor ${name} is of type ${dtype}, not F32 or F16`);
    }
    if (!isWholeNumbers(shape) || !isWholeNumbers(offsets) || offsets.length !== 2) {
      throw altered(`tensor ${name} has no valid shape and offsets`);
    }
    const [start, end] = offsets;
    const length = shape.reduce((product, size) => product * size, BYTES[dtype]);
    if (end - start !== length) throw altered(`tensor ${name} has the wrong length`);
    if (firstValue + end > bytes.length) throw altered(`tensor ${name} is cut off`);
    // Refuse overlapping tensors, so that a small file cannot make us allocate more memory than its size.
    valueBytes += length;
    if (firstValue + valueBytes > bytes.length) throw altered(`tensor ${name} overlaps another`);
    tensors.set(name, { precision: dtype, shape, start: firstValue + start, length });
  }
  return { tensors, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isInteger(item) && item >= 0);
}

function altered(what: string): FewshotError {
  return new FewshotError('model-altered', `The weights file cannot be read: ${what}.`, REMEDY);
}
