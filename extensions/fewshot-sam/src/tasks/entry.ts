import type { TaskMetadata } from 'fewshot-sam';
import { isSilhouette, type Silhouette } from './silhouette';

type Rgb = [number, number, number];

/** Entry of a task in the library, stored beside its file. It names no patient and no study. */
export interface TaskEntry {
  /** Random; names the files. */
  id: string;
  metadata: TaskMetadata;
  /** When it was saved here, in milliseconds since 1970. */
  savedAt: number;
  color: Rgb;
  silhouette: Silhouette | null;
  /** Bytes of stored slices that it was learned from; 0 after an import, which brings none. */
  examplesBytes: number;
}

const ENTRY_VERSION = 1;

export function encodeEntry(entry: TaskEntry): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ version: ENTRY_VERSION, ...entry }));
}

/** @returns null for anything but an entry of this version; its task is not listed, and not deleted */
export function parseEntry(bytes: Uint8Array): TaskEntry | null {
  try {
    const value = JSON.parse(new TextDecoder().decode(bytes)) as Partial<TaskEntry> & {
      version?: number;
    };
    const { version, id, metadata, savedAt, color, silhouette, examplesBytes } = value;
    const isEntry =
      version === ENTRY_VERSION &&
      isId(id) &&
      typeof metadata?.name === 'string' &&
      Number.isFinite(savedAt) &&
      isColor(color) &&
      (silhouette === null || isSilhouette(silhouette)) &&
      Number.isInteger(examplesBytes);
    if (!isEntry) return null;
    return {
      id: id!,
      metadata: metadata!,
      savedAt: savedAt!,
      color: color!,
      silhouette: silhouette ?? null,
      examplesBytes: examplesBytes!,
    };
  } catch {
    return null;
  }
}

/** A random file name: 32 hex digits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{32}$/.test(value);
}

function isColor(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length === 3 &&
    value.every(channel => Number.isInteger(channel) && channel >= 0 && channel <= 255)
  );
}
