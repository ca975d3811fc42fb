import { FewshotError } from '../errors';
import type { Weights } from './weights';

export interface SafetensorsFile {
  weights: Weights;
  /** The file's `__metadata__`: free text by key. */
  metadata: Record<string, string>;
}

const REMEDY = 'Use the file as it was written; copy or download it again.';

/**
 * Writes tensors as a safetensors file: 8 bytes of header length, a JSON header padded with spaces
 * to a multiple of 8, then the values, little-endian. The order of `weights` is kept, so equal
 * weights give equal bytes.
 *
 * Source: https://github.com/huggingface/safetensors (README, "Format").
 */
export function encodeSafetensors(
  weights: Weights,
  metadata: Record<string, string> = {},
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length) header.__metadata__ = metadata;
  let offset = 0;
  for (const [name, { shape, data }] of weights) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(json, 8);
  let position = 8 + headerBytes;
  for (const { data } of weights.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return file;
}

/**
 * Reads a safetensors file whose tensors are all float32.
 *
 * @throws FewshotError `model-altered` when it is cut off, not safetensors, or holds another type
 */
export function parseSafetensors(bytes: Uint8Array): SafetensorsFile {
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
  const values = bytes.subarray(8 + headerBytes);
  const weights: Weights = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = entry as Record<string, unknown>;
    if (dtype !== 'F32') throw altered(`tensor ${name} is of type ${dtype}, not F32`);
    if (!isWholeNumbers(shape) || !isWholeNumbers(offsets) || offsets.length !== 2) {
      throw altered(`tensor ${name} has no valid shape and place`);
    }
    const [start, end] = offsets;
    const length = shape.reduce((product, size) => product * size, 1);
    if (end - start !== length * 4) throw altered(`tensor ${name} has the wrong length`);
    if (end > values.length) throw altered(`tensor ${name} is cut off`);
    // A copy: the values need not be aligned, and slice() of Node's Buffer would not copy.
    const data = new Float32Array(new Uint8Array(values.subarray(start, end)).buffer);
    weights.set(name, { shape, data });
  }
  return { weights, metadata: (header.__metadata__ ?? {}) as Record<string, string> };
}

function isWholeNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isInteger(item) && item >= 0);
}

function altered(what: string): FewshotError {
  return new FewshotError('model-altered', `The weights file cannot be read: ${what}.`, REMEDY);
}
