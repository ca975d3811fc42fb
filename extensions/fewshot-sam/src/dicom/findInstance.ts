import type { ArchiveSource } from './dataSource';

/** What names one instance in an archive. */
export interface InstanceIdentifiers {
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPInstanceUID: string;
}

/** `unknown`: the archive could not be asked, or gave no answer that means either. */
export type Found = 'found' | 'missing' | 'unknown';

const SOP_INSTANCE_UID = '00080018';
const PATIENCE = 10_000;

/**
 * Asks the archive whether it lists an instance (QIDO-RS, PS3.18, 10.6), past every cache of the viewer.
 * Where the data source tells no address, it is asked for the series instead: ours has one instance.
 *
 * @param authorization headers that the viewer sends along
 * @returns never rejects
 */
export async function findInstance(
  dataSource: ArchiveSource,
  instance: InstanceIdentifiers,
  authorization: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Found> {
  try {
    const root = dataSource.getConfig?.()?.qidoRoot;
    if (typeof root === 'string')
      return await searchInstance(root, instance, authorization, signal);
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

async function searchInstance(
  root: string,
  { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }: InstanceIdentifiers,
  authorization: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<Found> {
  const patience = new AbortController();
  const stop = () => patience.abort();
  const timer = setTimeout(stop, PATIENCE);
  signal?.addEventListener('abort', stop);
  try {
    const answer = await fetch(
      `${root}/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances?SOPInstanceUID=${SOPInstanceUID}`,
      {
        headers: { Accept: 'application/dicom+json', ...authorization },
        cache: 'no-store',
        signal: patience.signal,
      },
    );
    // Archives differ in how they say that they know no such series.
    if (answer.status === 204 || answer.status === 404) return 'missing';
    if (!answer.ok) return 'unknown';
    const instances: unknown = await answer.json();
    if (!Array.isArray(instances)) return 'unknown';
    return (instances as Record<string, { Value?: unknown[] } | undefined>[]).some(
      dataset => dataset[SOP_INSTANCE_UID]?.Value?.[0] === SOPInstanceUID,
    )
      ? 'found'
      : 'missing';
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
