import {
  findInstance,
  type Found,
  type InstanceIdentifiers,
  storeSegmentation as storeInArchive,
  type Stored,
  type StoreOptions as ArchiveOptions,
} from 'fewshot-sam-dicom';
import type { ArchiveSource } from './dataSource';
import { sendInstance } from './sendInstance';

export type { StoreProgress } from 'fewshot-sam-dicom';

export interface StoreOptions extends ArchiveOptions {
  /** Authorization headers of the viewer. */
  authorization?(): Record<string, string>;
}

/**
 * Stores a DICOM file through the viewer's data source (STOW-RS), and confirms with a search that bypasses
 * the viewer's caches. See `storeSegmentation` of fewshot-sam-dicom.
 */
export function storeSegmentation(
  dataSource: ArchiveSource,
  file: ArrayBuffer,
  instance: InstanceIdentifiers,
  { authorization, ...options }: StoreOptions = {},
): Promise<Stored> {
  const archive = {
    send: (
      bytes: ArrayBuffer,
      signal: AbortSignal | undefined,
      onSent: (fraction: number | null) => void,
    ) => sendInstance(dataSource, bytes, { signal, onSent }),
    find: (one: InstanceIdentifiers, signal: AbortSignal | undefined) =>
      find(dataSource, one, authorization?.(), signal),
  };
  return storeInArchive(archive, file, instance, options);
}

/**
 * Asks the archive by QIDO-RS. If the data source has no such address, searches for the series through it:
 * ours has one instance.
 */
async function find(
  dataSource: ArchiveSource,
  instance: InstanceIdentifiers,
  authorization: Record<string, string> | undefined,
  signal: AbortSignal | undefined,
): Promise<Found> {
  try {
    const root = dataSource.getConfig?.()?.qidoRoot;
    if (typeof root === 'string') return await findInstance(root, instance, authorization, signal);
    const series = await dataSource.query?.series?.search?.(instance.StudyInstanceUID);
    if (!Array.isArray(series)) return 'unknown';
    return (series as { seriesInstanceUid?: unknown }[]).some(
      ({ seriesInstanceUid }) => seriesInstanceUid === instance.SeriesInstanceUID,
    )
      ? 'found'
      : 'missing';
  } catch {
    return 'unknown';
  }
}
