import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type DicomJson, jsonTextOf } from 'fewshot-sam-dicom';
import { parseDicomFile } from 'fewshot-sam-dicom/seg';
import { ArchiveError, type DicomWeb } from './dicomweb';
import { seriesFacts, type SeriesFacts } from './seriesFacts';

/** Requests for images at the same time. */
const REQUESTS = 4;

/** Where the images of a study come from. */
export interface StudySource {
  series(study: string, signal: AbortSignal): Promise<SeriesFacts[]>;
  /** Puts the files of a series into an empty folder. */
  fetch(study: string, series: SeriesFacts, folder: string, signal: AbortSignal): Promise<void>;
}

const TAG = { study: '0020000D', series: '0020000E', modality: '00080060' };
/** Objects without images, whose metadata need not be read. */
const NO_IMAGES = ['SEG', 'RTSTRUCT', 'RTPLAN', 'RTDOSE', 'SR', 'PR', 'KO', 'REG', 'DOC', 'ECG'];

/** Studies of an archive, by DICOMweb. */
export class ArchiveStudies implements StudySource {
  constructor(private readonly archive: DicomWeb) {}

  async series(study: string, signal: AbortSignal): Promise<SeriesFacts[]> {
    const listed = await this.archive.datasets(`/studies/${study}/series`, signal);
    // Archives that do not know the study may answer with others.
    const own = listed.filter(row => jsonTextOf(row, TAG.study) === study);
    const all: SeriesFacts[] = [];
    for (const row of own) {
      const uid = jsonTextOf(row, TAG.series);
      if (!uid || NO_IMAGES.includes(jsonTextOf(row, TAG.modality))) continue;
      const metadata = await this.archive.datasets(
        `/studies/${study}/series/${uid}/metadata`,
        signal,
      );
      const images = metadata.filter(
        image => jsonTextOf(image, TAG.study) === study && jsonTextOf(image, TAG.series) === uid,
      );
      if (images.length > 0) all.push(seriesFacts(images));
    }
    return all;
  }

  async fetch(
    study: string,
    series: SeriesFacts,
    folder: string,
    signal: AbortSignal,
  ): Promise<void> {
    const waiting = series.instances.entries();
    const lane = async () => {
      for (const [i, instance] of waiting) {
        const place = `/studies/${study}/series/${series.uid}/instances/${instance}`;
        const file = await this.archive.instance(place, signal);
        await checkInstance(file, { study, series: series.uid, instance });
        await writeFile(path.join(folder, fileName(i)), file, { mode: 0o600 });
      }
    };
    await Promise.all(Array.from({ length: REQUESTS }, lane));
  }
}

async function checkInstance(
  file: Uint8Array,
  wanted: { study: string; series: string; instance: string },
): Promise<void> {
  const { dataset } = await parseDicomFile(file, 'An image of the series');
  const found = [dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID];
  if (found.join() === [wanted.study, wanted.series, wanted.instance].join()) return;
  throw new ArchiveError(
    'The archive returned another image than the one asked for.',
    'Tell the administrator of the archive.',
    200,
  );
}

/** A study of a folder. */
export interface FolderStudy {
  uid: string;
  date: string;
  series: FolderSeries[];
}

export interface FolderSeries {
  metadata: DicomJson[];
  files: string[];
}

/** A study whose files were found in a folder. */
export class FolderStudies implements StudySource {
  constructor(private readonly found: FolderStudy) {}

  series(): Promise<SeriesFacts[]> {
    return Promise.resolve(this.found.series.map(({ metadata }) => seriesFacts(metadata)));
  }

  async fetch(_: string, { uid }: SeriesFacts, folder: string): Promise<void> {
    const series = this.found.series.find(
      ({ metadata: [first] }) => jsonTextOf(first, TAG.series) === uid,
    );
    for (const [i, file] of series!.files.entries()) {
      await symlink(path.resolve(file), path.join(folder, fileName(i)));
    }
  }
}

/** Names files by number: UIDs and names of the source may identify the patient. */
function fileName(index: number): string {
  return `image-${String(index + 1).padStart(5, '0')}.dcm`;
}
