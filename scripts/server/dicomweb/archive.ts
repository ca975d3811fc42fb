import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isRunning } from '../../../engine/src/platform/writeAsideNode';
import { writeFileAtomically } from '../../setup/atomically';
import { PIXEL_DATA, parseDicom, text, type DicomFile } from './dicomFile';
import { toDicomJson, type JsonDataset } from './dicomJson';
import { frameTransferSyntax } from './frames';
import { readWholeHeader } from './wholeFile';

/** One instance with its header; the pixel data stay in the file. */
export interface Instance {
  file: string;
  studyUid: string;
  seriesUid: string;
  sopUid: string;
  sopClassUid: string;
  transferSyntaxUid: string;
  /** All attributes; larger binary values as `BulkDataURI` relative to the instance. */
  json: JsonDataset;
}

/** A subset of the archive: unset levels are not restricted. */
export interface Scope {
  studyUid?: string;
  seriesUid?: string;
  sopUid?: string;
}

export type StoreOutcome = 'stored' | 'already-there' | 'conflict';

/** Leading zeros in a component violate the standard (PS3.5, 9.1), but real files have them. */
const UID = /^\d+(\.\d+)*$/;
const FILES_AT_ONCE = 16;
/** Temporary names of `writeFileAtomically`, with the process id. */
const TEMPORARY = /\.(\d+)-[0-9a-f]{8}\.tmp$/;

export function isUid(text: string): boolean {
  return text.length <= 64 && UID.test(text);
}

/**
 * Makes an instance from a DICOM file.
 *
 * @returns null when an identifier is missing or is not a UID
 */
export function toInstance(file: string, dicom: DicomFile): Instance | null {
  const { dataset, transferSyntaxUid } = dicom;
  const studyUid = text(dataset, '0020000D');
  const seriesUid = text(dataset, '0020000E');
  const sopUid = text(dataset, '00080018');
  const sopClassUid = text(dataset, '00080016');
  if (![studyUid, seriesUid, sopUid, sopClassUid].every(isUid)) return null;
  const { [PIXEL_DATA]: pixelData, ...header } = dataset;
  const json = toDicomJson(header);
  if (pixelData) json[PIXEL_DATA] = { vr: 'OW', BulkDataURI: `bulkdata/${PIXEL_DATA}` };
  json['00083002'] = { vr: 'UI', Value: [frameTransferSyntax(transferSyntaxUid)] };
  return { file, studyUid, seriesUid, sopUid, sopClassUid, transferSyntaxUid, json };
}

/** The headers of DICOM files, in memory, and the folder for new ones. */
export class Archive {
  private readonly instances = new Map<string, Instance>();
  private storing: Promise<unknown> = Promise.resolve();

  /** @param folder for stored instances, one file each */
  constructor(private readonly folder: string) {}

  /**
   * Adds all DICOM files in a folder and below, and ignores other files.
   *
   * @returns how many files were added and ignored
   * @throws the file system's error when the folder itself cannot be read
   */
  async addFolder(folder: string): Promise<{ added: number; ignored: number }> {
    const files = await filesIn(folder);
    const found: (Instance | null)[] = new Array(files.length).fill(null);
    let next = 0;
    const work = async () => {
      while (next < files.length) {
        const index = next++;
        const header = await readWholeHeader(files[index]).catch(() => null);
        found[index] = header && toInstance(files[index], header);
      }
    };
    await Promise.all(Array.from({ length: FILES_AT_ONCE }, work));
    let added = 0;
    for (const instance of found) {
      // Of two files with the same instance, keep the first by name.
      if (!instance || this.instances.has(instance.sopUid)) continue;
      this.instances.set(instance.sopUid, instance);
      added++;
    }
    return { added, ignored: files.length - added };
  }

  /** Removes partial files that a killed server left in the folder for stored instances. */
  async removeHalfFiles(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      // Another server may be storing in the same folder right now.
      const pid = Number(TEMPORARY.exec(name)?.[1] ?? 0);
      if (pid && !isRunning(pid)) await rm(path.join(this.folder, name), { force: true });
    }
  }

  get size(): number {
    return this.instances.size;
  }

  /** Returns the instances of a scope, in the order in which they were added. */
  select({ studyUid, seriesUid, sopUid }: Scope): Instance[] {
    const one = sopUid === undefined ? undefined : this.instances.get(sopUid);
    const candidates = sopUid === undefined ? [...this.instances.values()] : one ? [one] : [];
    return candidates.filter(
      instance =>
        (studyUid === undefined || instance.studyUid === studyUid) &&
        (seriesUid === undefined || instance.seriesUid === seriesUid),
    );
  }

  /**
   * Stores an instance's bytes unchanged. Never replaces an existing instance.
   *
   * @param bytes the Part 10 file that `instance` was read from
   */
  store(instance: Instance, bytes: Uint8Array): Promise<StoreOutcome> {
    const outcome = this.storing.then(() => this.storeNow(instance, bytes));
    // Store one after the other: two requests may bring the same instance.
    this.storing = outcome.catch(() => {});
    return outcome;
  }

  private async storeNow(instance: Instance, bytes: Uint8Array): Promise<StoreOutcome> {
    const existing = this.instances.get(instance.sopUid);
    if (existing) {
      const isSame = (await readFile(existing.file)).equals(bytes);
      return isSame ? 'already-there' : 'conflict';
    }
    // Name the file by a hash, so that the name reveals nothing about a patient.
    const name = createHash('sha256').update(instance.sopUid).digest('hex').slice(0, 32);
    const file = path.join(this.folder, `${name}.dcm`);
    await writeFileAtomically(file, bytes);
    this.instances.set(instance.sopUid, { ...instance, file });
    return 'stored';
  }
}

/** Reads an instance's complete file, including pixel data. */
export async function readInstance(instance: Instance): Promise<DicomFile> {
  const dicom = parseDicom(await readFile(instance.file));
  if (!dicom) throw new Error('A DICOM file was changed while the server ran.');
  return dicom;
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: string[] = [];
  for (const entry of entries) {
    // Skip partial files of a server that was killed while storing.
    if (entry.name.startsWith('.') || TEMPORARY.test(entry.name)) continue;
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(place).catch(() => [])));
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(place);
  }
  return files;
}
