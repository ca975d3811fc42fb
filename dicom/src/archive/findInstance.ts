import { datasetsOf, textOf, type DicomJson } from './dicomJson';

/** Identifiers of one instance in an archive. */
export interface InstanceIdentifiers {
  StudyInstanceUID: string;
  SeriesInstanceUID: string;
  SOPInstanceUID: string;
  /** Used to recognize the instance if the archive changed its UIDs. Default of the modality: SEG. */
  Modality?: string;
  SeriesDescription?: string;
  SeriesDate?: string;
  SeriesTime?: string;
}

/**
 * Result of a search. An object holds the UID of a series with the same description and the same time to
 * the millisecond: the archive changed its UID. `unknown`: the archive could not be asked, or its answer
 * was unclear.
 */
export type Found = 'found' | 'missing' | 'unknown' | { SeriesInstanceUID: string };

const TAG = {
  seriesDate: '00080021',
  seriesTime: '00080031',
  seriesDescription: '0008103E',
  sopInstanceUid: '00080018',
  seriesInstanceUid: '0020000E',
};
const PATIENCE = 10_000;

/**
 * Asks the archive whether it lists an instance (QIDO-RS, PS3.18, 10.6).
 *
 * @param root address of QIDO-RS
 * @param authorization headers
 * @returns never rejects
 */
export async function findInstance(
  root: string,
  instance: InstanceIdentifiers,
  authorization: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Found> {
  try {
    const ask = (path: string) => search(`${root}${path}`, authorization, signal);
    const found = await searchInstance(ask, instance);
    const renamed = found === 'missing' ? await renamedSeries(ask, instance) : undefined;
    return renamed ? { SeriesInstanceUID: renamed } : found;
  } catch {
    return 'unknown';
  }
}

type Ask = (path: string) => Promise<DicomJson[] | null>;

async function searchInstance(
  ask: Ask,
  { StudyInstanceUID, SeriesInstanceUID, SOPInstanceUID }: InstanceIdentifiers,
): Promise<Found> {
  const instances = await ask(
    `/studies/${StudyInstanceUID}/series/${SeriesInstanceUID}/instances?SOPInstanceUID=${SOPInstanceUID}`,
  );
  if (!instances) return 'unknown';
  return instances.some(row => textOf(row, TAG.sopInstanceUid) === SOPInstanceUID)
    ? 'found'
    : 'missing';
}

/** @returns the UID that the archive gave the series instead of ours */
async function renamedSeries(ask: Ask, instance: InstanceIdentifiers): Promise<string | undefined> {
  const { StudyInstanceUID, SeriesInstanceUID } = instance;
  const { Modality = 'SEG', SeriesDescription, SeriesDate, SeriesTime } = instance;
  if (!SeriesDate || !SeriesTime) return undefined;
  const fields = [TAG.seriesDate, TAG.seriesTime, TAG.seriesDescription];
  const series = await ask(
    `/studies/${StudyInstanceUID}/series?Modality=${Modality}&${fields.map(tag => `includefield=${tag}`).join('&')}`,
  );
  const renamed = (series ?? []).find(
    row =>
      textOf(row, TAG.seriesInstanceUid) !== SeriesInstanceUID &&
      textOf(row, TAG.seriesDate) === SeriesDate &&
      // HHMMSS.FFFFFF (PS3.5, 6.2): archives differ in trailing zeros.
      Number(textOf(row, TAG.seriesTime)) === Number(SeriesTime) &&
      textOf(row, TAG.seriesDescription) === (SeriesDescription ?? ''),
  );
  return renamed && textOf(renamed, TAG.seriesInstanceUid);
}

/** @returns an empty list if the archive has no such study or series; null if its answer is unclear */
async function search(
  url: string,
  authorization: Record<string, string>,
  signal: AbortSignal | undefined,
): Promise<DicomJson[] | null> {
  const patience = new AbortController();
  const stop = () => patience.abort();
  const timer = setTimeout(stop, PATIENCE);
  signal?.addEventListener('abort', stop);
  try {
    const answer = await fetch(url, {
      headers: { Accept: 'application/dicom+json', ...authorization },
      cache: 'no-store',
      signal: patience.signal,
    });
    // Archives differ in how they report an unknown series.
    if (answer.status === 204 || answer.status === 404) return [];
    if (!answer.ok) return null;
    const rows: unknown = await answer.json();
    return Array.isArray(rows) ? datasetsOf(rows) : null;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
