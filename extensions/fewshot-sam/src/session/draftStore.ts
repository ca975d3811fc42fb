import { type PlaneName, sha256Hex } from 'fewshot-sam';
import { sourceOf, type Series } from '../viewer/series';

const FOLDER = 'fewshot-sam-drafts';
/** Limits on all drafts together, and on the age of each. */
const LIMIT_BYTES = 64 * 2 ** 20;
const LIMIT_DAYS = 14;
const DAY = 24 * 3600 * 1000;

const PLANES: readonly PlaneName[] = ['axial', 'coronal', 'sagittal'];

/**
 * File name of a draft: SHA-256 of the plane, the series UID and the UIDs of all its images. It reveals
 * no identifier, and no other series or plane gets the same name.
 *
 * @param place which of several segmentations of the series, see `DraftPlaces`
 */
export function draftKey(series: Series, place: number): Promise<string> {
  return hashedKey(sourceOf(series), series.reslice?.plane.name ?? 'acquired', place);
}

/** Keys of the same series and place in every plane. */
export function draftKeysOfAllPlanes(series: Series, place: number): Promise<string[]> {
  const source = sourceOf(series);
  return Promise.all(
    ['acquired' as const, ...PLANES].map(plane => hashedKey(source, plane, place)),
  );
}

function hashedKey(
  { seriesInstanceUID, instances }: Series,
  plane: PlaneName | 'acquired',
  place: number,
): Promise<string> {
  const images = instances.map(({ SOPInstanceUID }) => SOPInstanceUID);
  const parts = ['draft', plane, seriesInstanceUID, images, ...(place > 0 ? [place] : [])];
  return sha256Hex(JSON.stringify(parts));
}

interface DraftFile {
  name: string;
  bytes: number;
  lastModified: number;
}

/** Files to delete: all that are too old, then the oldest until the rest fits. */
export function draftsToEvict(files: readonly DraftFile[], now: number, limit: number): string[] {
  const old = files.filter(({ lastModified }) => now - lastModified > LIMIT_DAYS * DAY);
  const kept = files
    .filter(file => !old.includes(file))
    .sort((a, b) => a.lastModified - b.lastModified);
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const names = old.map(({ name }) => name);
  for (const { name, bytes } of kept) {
    if (total <= limit) break;
    names.push(name);
    total -= bytes;
  }
  return names;
}

/**
 * Stores drafts in the browser's origin private file system. Never throws: if the browser has no room,
 * the draft is not stored and work goes on.
 */
export class DraftStore {
  private folder: Promise<FileSystemDirectoryHandle | null> | null = null;

  private open(): Promise<FileSystemDirectoryHandle | null> {
    this.folder ??= (async () => {
      try {
        const root = await navigator.storage.getDirectory();
        const folder = await root.getDirectoryHandle(FOLDER, { create: true });
        await makeRoom(folder, 0);
        return folder;
      } catch {
        // Try again next time.
        this.folder = null;
        return null;
      }
    })();
    return this.folder;
  }

  async get(key: string): Promise<string | null> {
    try {
      const handle = await (await this.open())?.getFileHandle(key);
      return handle ? await (await handle.getFile()).text() : null;
    } catch {
      return null;
    }
  }

  /** @returns whether the draft was stored */
  async put(key: string, text: string): Promise<boolean> {
    const folder = await this.open();
    if (!folder) return false;
    try {
      await makeRoom(folder, text.length, key);
      const file = await (await folder.getFileHandle(key, { create: true })).createWritable();
      // The old file stays until the new text is complete.
      await file.write(text);
      await file.close();
      return true;
    } catch {
      // Storage is full, or another tab is writing.
      return false;
    }
  }

  async remove(key: string): Promise<void> {
    await (await this.open())?.removeEntry(key).catch(() => undefined);
  }
}

async function makeRoom(
  folder: FileSystemDirectoryHandle,
  bytes: number,
  replaced?: string,
): Promise<void> {
  const files: DraftFile[] = [];
  for await (const [name, handle] of folder.entries()) {
    if (handle.kind !== 'file' || name === replaced) continue;
    const file = await (handle as FileSystemFileHandle).getFile();
    files.push({ name, bytes: file.size, lastModified: file.lastModified });
  }
  for (const name of draftsToEvict(files, Date.now(), LIMIT_BYTES - bytes)) {
    await folder.removeEntry(name);
  }
}
