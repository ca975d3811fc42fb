import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import { FewshotError, type OnNote, throwIfCancelled } from 'fewshot-sam';
import { type DicomJson, jsonTextOf } from 'fewshot-sam-dicom';
import { ArchiveError, type DicomWeb } from './dicomweb';
import { isCheckedHere, mismatch, searchParameters, type StudyQuery } from './query';
import type { CohortStudy } from './rows';
import { metadataOf } from './seriesFacts';
import type { FolderStudy } from './source';

const TAG = { study: '0020000D', series: '0020000E', date: '00080020', sopInstance: '00080018' };
const PAGE = 100;

/**
 * Finds the studies of a query (QIDO-RS), page by page. Checks every answer against the query: archives
 * ignore filters that they do not know.
 *
 * @param limit at most this many studies
 * @param onNote called when the archive returned studies that do not match
 * @param pageSize studies asked for at a time
 * @throws ArchiveError, FewshotError `cancelled`
 */
export async function findStudies(
  archive: DicomWeb,
  query: StudyQuery,
  limit: number | undefined,
  onNote: OnNote,
  signal: AbortSignal,
  pageSize = PAGE,
): Promise<CohortStudy[]> {
  const found = new Map<string, CohortStudy>();
  const others = new Map<string, Set<string>>();
  for (const parameters of searchParameters(query)) {
    const seen = new Set<string>();
    for (let offset = 0; ;) {
      const page = new URLSearchParams(parameters);
      page.set('limit', String(pageSize));
      page.set('offset', String(offset));
      const rows = await archive.datasets(`/studies?${page}`, signal);
      const before = seen.size;
      for (const row of rows) {
        const uid = jsonTextOf(row, TAG.study);
        if (!/^[\d.]{1,64}$/.test(uid)) {
          throw new ArchiveError(
            'The archive returned a study without a Study Instance UID.',
            'Check that --dicomweb is the DICOMweb root of the archive.',
            200,
          );
        }
        seen.add(uid);
        const filter = mismatch(row, query.study);
        if (filter && isCheckedHere(filter)) continue;
        if (filter) {
          others.set(filter.keyword, (others.get(filter.keyword) ?? new Set()).add(uid));
        } else if (limit === undefined || found.size < limit) {
          found.set(uid, { uid, date: dateOf(row) });
        }
      }
      offset += rows.length;
      // An archive that ignores the offset sends the same page again.
      if (seen.size === before || (limit !== undefined && found.size >= limit)) break;
    }
  }
  for (const [keyword, studies] of others) {
    const count = studies.size === 1 ? '1 study' : `${studies.size} studies`;
    onNote(`The archive returned ${count} that do not match ${keyword}: left out.`);
  }
  return [...found.values()];
}

function dateOf(row: DicomJson): string {
  const date = jsonTextOf(row, TAG.date).replaceAll('.', '');
  return /^\d{8}$/.test(date) ? date : '';
}

/** Bytes of a file that usually hold all before its pixels. */
const HEAD = 2 ** 17;

/**
 * Finds the studies in a folder and its subfolders by the headers of its files. Ignores other files.
 *
 * @throws FewshotError `bad-input` when the folder cannot be read or holds no DICOM file; `cancelled`
 */
export async function findStudiesInFolder(
  folder: string,
  onNote: OnNote,
  signal: AbortSignal,
): Promise<FolderStudy[]> {
  let entries;
  try {
    entries = await readdir(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `--folder ${folder} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      'Give a folder of DICOM files.',
      { cause: error },
    );
  }
  const studies = new Map<string, FolderStudy>();
  const instances = new Set<string>();
  let copies = 0;
  for (const entry of entries) {
    throwIfCancelled(signal);
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const dataSet = await readHeader(file);
    if (!dataSet) continue;
    const metadata = metadataOf(dataSet);
    const [uid, seriesUid, instance] = [TAG.study, TAG.series, TAG.sopInstance].map(tag =>
      jsonTextOf(metadata, tag),
    );
    if (!uid || !seriesUid || !instance) continue;
    if (instances.has(instance)) {
      copies++;
      continue;
    }
    instances.add(instance);
    const study = studies.get(uid) ?? { uid, date: dateOf(metadata), series: [] };
    studies.set(uid, study);
    let series = study.series.find(
      ({ metadata: [first] }) => jsonTextOf(first, TAG.series) === seriesUid,
    );
    if (!series) study.series.push((series = { metadata: [], files: [] }));
    series.metadata.push(metadata);
    series.files.push(file);
  }
  if (studies.size === 0) {
    throw new FewshotError(
      'bad-input',
      `--folder ${folder} holds no DICOM file.`,
      'Give a folder of DICOM files; subfolders are searched, too.',
    );
  }
  if (copies > 0) onNote(`--folder: ${copies} files are copies of others by their UID: left out.`);
  return [...studies.values()].sort((a, b) => a.uid.localeCompare(b.uid));
}

/** @returns null for a file that is not DICOM */
async function readHeader(file: string): Promise<dicomParser.DataSet | null> {
  const parse = (bytes: Uint8Array) =>
    dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' } as dicomParser.ParseDicomOptions);
  try {
    const handle = await open(file);
    try {
      const { bytesRead, buffer } = await handle.read(new Uint8Array(HEAD), 0, HEAD, 0);
      const head = buffer.subarray(0, bytesRead);
      if (Buffer.from(head.subarray(128, 132)).toString('latin1') !== 'DICM') return null;
      try {
        return parse(head);
      } catch (error) {
        if (bytesRead < HEAD) throw error;
      }
    } finally {
      await handle.close();
    }
    // Values before the pixels are long.
    return parse(await readFile(file));
  } catch {
    return null;
  }
}
