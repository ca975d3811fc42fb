import type { DcmjsDataset } from 'dcmjs';

/** An attribute in the DICOM JSON model (PS3.18, annex F). */
export interface JsonAttribute {
  vr: string;
  Value?: unknown[];
  InlineBinary?: string;
  BulkDataURI?: string;
}

export type JsonDataset = Record<string, JsonAttribute>;

/** Binary values up to this size are sent inside the JSON. */
const INLINE_BYTES = 1024;
const BINARY = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'UN']);
const NUMERIC = new Set(['DS', 'FD', 'FL', 'IS', 'SL', 'SS', 'UL', 'US']);
const BIG = new Set(['SV', 'UV']);

/**
 * Converts a data set of dcmjs to the DICOM JSON model. Larger binary values become `BulkDataURI`s relative
 * to the instance: `bulkdata/` and the path to the value.
 */
export function toDicomJson(dataset: DcmjsDataset, way = 'bulkdata'): JsonDataset {
  const json: JsonDataset = {};
  for (const [tag, { vr = 'OW', Value }] of Object.entries(dataset)) {
    // Group lengths (gggg,0000) are retired and not part of the model.
    if (tag.endsWith('0000')) continue;
    const values: unknown[] = Array.isArray(Value) ? Value : [];
    json[tag] = { vr, ...content(vr, values, `${way}/${tag}`) };
  }
  return json;
}

function content(vr: string, values: unknown[], way: string): Omit<JsonAttribute, 'vr'> {
  if (vr === 'SQ') {
    const items = values as DcmjsDataset[];
    return items.length
      ? { Value: items.map((item, index) => toDicomJson(item, `${way}/${index}`)) }
      : {};
  }
  if (BINARY.has(vr)) {
    const buffers = values.filter(isBytes);
    const size = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
    if (size === 0) return {};
    if (size > INLINE_BYTES) return { BulkDataURI: way };
    return { InlineBinary: Buffer.concat(buffers.map(toBuffer)).toString('base64') };
  }
  const converted = values.map(value => toJsonValue(vr, value));
  return converted.some(value => value !== null) ? { Value: converted } : {};
}

function toJsonValue(vr: string, value: unknown): unknown {
  if (value === null || value === undefined || value === '') return null;
  if (vr === 'PN') return personName(value);
  if (vr === 'AT') return Number(value).toString(16).toUpperCase().padStart(8, '0');
  if (BIG.has(vr)) return String(value);
  if (NUMERIC.has(vr)) {
    const number = Number(value);
    return Number.isFinite(number) ? number : null;
  }
  const text = String(value).trim();
  return text === '' ? null : text;
}

const GROUPS = ['Alphabetic', 'Ideographic', 'Phonetic'] as const;

function personName(value: unknown): Record<string, string> | null {
  const groups =
    typeof value === 'string'
      ? Object.fromEntries(value.split('=').map((text, index) => [GROUPS[index], text]))
      : (value as Record<string, string>);
  const filled = GROUPS.filter(group => groups[group]?.trim());
  return filled.length
    ? Object.fromEntries(filled.map(group => [group, groups[group].trim()]))
    : null;
}

/** Makes the `BulkDataURI`s of an instance absolute. */
export function withBulkDataUnder(instanceUrl: string, json: JsonDataset): JsonDataset {
  const result: JsonDataset = {};
  for (const [tag, attribute] of Object.entries(json)) {
    if (attribute.BulkDataURI) {
      result[tag] = { ...attribute, BulkDataURI: `${instanceUrl}/${attribute.BulkDataURI}` };
    } else if (attribute.vr === 'SQ' && attribute.Value) {
      const items = attribute.Value as JsonDataset[];
      result[tag] = {
        ...attribute,
        Value: items.map(item => withBulkDataUnder(instanceUrl, item)),
      };
    } else {
      result[tag] = attribute;
    }
  }
  return result;
}

/**
 * Returns the bytes that a `BulkDataURI` names.
 *
 * @param way alternating tags and item numbers, e.g. `['52009230', '0', '7FE00010']`
 * @returns null when there is no such value
 */
export function bulkData(dataset: DcmjsDataset, way: string[]): Buffer | null {
  const [tag, item, ...rest] = way;
  const values = dataset[tag]?.Value;
  if (!Array.isArray(values)) return null;
  if (item !== undefined) {
    const nested = values[Number(item)] as DcmjsDataset | undefined;
    return nested && dataset[tag].vr === 'SQ' ? bulkData(nested, rest) : null;
  }
  const buffers = values.filter(isBytes);
  return buffers.length ? Buffer.concat(buffers.map(toBuffer)) : null;
}

/**
 * Whether a value holds bytes. Checks properties, not the class: in a test runner, ArrayBuffer may come
 * from another realm.
 */
export function isBytes(value: unknown): value is ArrayBuffer | Uint8Array {
  return typeof (value as ArrayBuffer | null)?.byteLength === 'number';
}

export function toBuffer(bytes: ArrayBuffer | Uint8Array): Buffer {
  return ArrayBuffer.isView(bytes)
    ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    : Buffer.from(bytes);
}
