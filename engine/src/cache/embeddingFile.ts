import type { KeptEmbedding } from './embeddingCache';
import { bytesOf } from '../platform/bytes';
import { sha256 } from '../platform/sha256';

/**
 * File of one embedding: 8 bytes magic, 32 bytes SHA-256 of the values, little-endian float16 values. Files
 * of the first version hold float32 and another magic, so they are a miss.
 */
export const MAGIC = Uint8Array.from('FSEMBED2', letter => letter.charCodeAt(0));
const DIGEST_BYTES = 32;
const HEADER_BYTES = MAGIC.length + DIGEST_BYTES;

export async function encodeEmbeddingFile(embedding: KeptEmbedding): Promise<Uint8Array> {
  const values = bytesOf(embedding);
  const file = new Uint8Array(HEADER_BYTES + values.length);
  file.set(MAGIC);
  file.set(await sha256(values), MAGIC.length);
  file.set(values, HEADER_BYTES);
  return file;
}

/** @returns null when the file was truncated, altered, or is something else */
export async function decodeEmbeddingFile(file: Uint8Array): Promise<KeptEmbedding | null> {
  if (file.length <= HEADER_BYTES || (file.length - HEADER_BYTES) % 2 !== 0) return null;
  if (MAGIC.some((byte, i) => file[i] !== byte)) return null;
  // Copy, so that the values start at the buffer's first byte: `slice` of Node's Buffer returns a view.
  const values = new Uint8Array(file.subarray(HEADER_BYTES));
  const digest = await sha256(values);
  if (digest.some((byte, i) => file[MAGIC.length + i] !== byte)) return null;
  return new Uint16Array(values.buffer);
}

/**
 * Returns the file name for a key. Accepts only the hex digests that `embeddingKey` makes, because any
 * other text could be a path.
 */
export function embeddingFileName(key: string): string {
  if (!/^[0-9a-f]{64}$/.test(key)) throw new Error('An embedding key is 64 hex digits.');
  return `${key}.embedding`;
}

/** Whether `embeddingFileName` made this name, or the file is still being written. */
export function isEmbeddingFileName(name: string): boolean {
  return /^[0-9a-f]{64}\.embedding(\.[0-9a-f-]+\.part)?$/.test(name);
}

export interface StoredFile {
  name: string;
  bytes: number;
  /** Milliseconds since 1970. */
  lastUsed: number;
}

/** Returns the files to delete, least recently used first, so that the rest fits the limit. */
export function filesToEvict(files: readonly StoredFile[], limitBytes: number): StoredFile[] {
  let total = files.reduce((sum, file) => sum + file.bytes, 0);
  const evicted: StoredFile[] = [];
  for (const file of [...files].sort((a, b) => a.lastUsed - b.lastUsed)) {
    if (total <= limitBytes) break;
    evicted.push(file);
    total -= file.bytes;
  }
  return evicted;
}
