import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { isRunning } from '../../../engine/src/platform/writeAsideNode';
import { writeFileAtomically } from '../../setup/atomically';
import { PIXEL_DATA, parseDicom, text, type DicomFile } from './dicomFile';
import { toDicomJson, type JsonDataset } from './dicomJson';
import { frameTransferSyntax } from './frames';
import { readWholeHeader } from './wholeFile';

/** One instance, known by its header; the pixel data stay in the file. */
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

/** Zeros in front of a component are against the rule (PS3.5, 9.1), but real files have them. */
const UID = /^\d+(\.\d+)*$/;
const FILES_AT_ONCE = 16;
/** As `writeFileAtomically` names them; with the process. */
const TEMPORARY = /\.(\d+)-[0-9a-f]{8}\.tmp$/;

export function isUid(text: string): boolean {
  return text.length <= 64 && UID.test(text);
}

/**
 * What a DICOM file says about its instance.
 *
 * @returns null when an identifier is missing or is no UID
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

/** DICOM files in memory by header, and the folder that takes new ones. */
export class Archive {
  private readonly instances = new Map<string, Instance>();
  private storing: Promise<unknown> = Promise.resolve();

  /** @param folder where stored instances go, one file each */
  constructor(private readonly folder: string) {}

  /**
   * Adds all DICOM files in a folder and below. Other files are left alone.
   *
   * @returns how many files were added and how many were not
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
      // The first of two files with the same instance counts, in the order of their names.
      if (!instance || this.instances.has(instance.sopUid)) continue;
      this.instances.set(instance.sopUid, instance);
      added++;
    }
    return { added, ignored: files.length - added };
  }

  /** Removes half files that a server left in the folder for stored instances when it was killed. */
  async removeHalfFiles(): Promise<void> {
    for (const name of await readdir(this.folder)) {
      // Another server may be storing into the same folder right now.
      const pid = Number(TEMPORARY.exec(name)?.[1] ?? 0);
      if (pid && !isRunning(pid)) await rm(path.join(this.folder, name), { force: true });
    }
  }

  get size(): number {
    return this.instances.size;
  }

  /** Instances in the order in which they came. */
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
   * Keeps an instance's bytes as they are. An instance that is there already is never replaced.
   *
   * @param bytes the Part 10 file that `instance` was read from
   */
  store(instance: Instance, bytes: Uint8Array): Promise<StoreOutcome> {
    const outcome = this.storing.then(() => this.storeNow(instance, bytes));
    // One after the other: two requests may bring the same instance.
    this.storing = outcome.catch(() => {});
    return outcome;
  }

  private async storeNow(instance: Instance, bytes: Uint8Array): Promise<StoreOutcome> {
    const existing = this.instances.get(instance.sopUid);
    if (existing) {
      const isSame = (await readFile(existing.file)).equals(bytes);
      return isSame ? 'already-there' : 'conflict';
    }
    // Named by hash: a file name must tell nothing about a patient.
    const name = createHash('sha256').update(instance.sopUid).digest('hex').slice(0, 32);
    const file = path.join(this.folder, `${name}.dcm`);
    await writeFileAtomically(file, bytes);
    this.instances.set(instance.sopUid, { ...instance, file });
    return 'stored';
  }
}

/** Reads an instance's file completely, pixel data included. */
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
    // Half files of a server that was killed while it stored.
    if (entry.name.startsWith('.') || TEMPORARY.test(entry.name)) continue;
    const place = path.join(folder, entry.name);
    if (entry.isDirectory()) files.push(...(await filesIn(place).catch(() => [])));
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(place);
  }
  return files;
}
