import type { EmbeddingCache, KeptEmbedding } from './embeddingCache';
import {
  decodeEmbeddingFile,
  embeddingFileName,
  encodeEmbeddingFile,
  filesToEvict,
  MAGIC,
  type StoredFile,
} from './embeddingFile';
import type { KeptSize } from './keptSize';
import { RunningTotal } from './runningTotal';

const FOLDER = 'fewshot-sam-embeddings';

/**
 * Keeps embeddings in the browser's origin private file system, one file each; beyond the limit the
 * least recently used go first. Where the browser gives no room, it simply keeps nothing.
 */
export class OpfsCache implements EmbeddingCache {
  private readonly total: RunningTotal;

  private constructor(
    private readonly folder: FileSystemDirectoryHandle,
    private readonly limitBytes: number,
  ) {
    this.total = new RunningTotal(limitBytes);
  }

  /** @returns null where there is no such file system: an insecure origin, or a private window */
  static async open(limitBytes = 2 ** 30): Promise<OpfsCache | null> {
    try {
      const root = await navigator.storage.getDirectory();
      return new OpfsCache(await root.getDirectoryHandle(FOLDER, { create: true }), limitBytes);
    } catch {
      return null;
    }
  }

  async get(key: string): Promise<KeptEmbedding | null> {
    const name = embeddingFileName(key);
    try {
      const handle = await this.folder.getFileHandle(name);
      const file = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      const embedding = await decodeEmbeddingFile(file);
      if (!embedding) {
        await this.remove(name);
        return null;
      }
      await touch(handle);
      return embedding;
    } catch {
      return null;
    }
  }

  async put(key: string, embedding: KeptEmbedding): Promise<void> {
    const name = embeddingFileName(key);
    try {
      const file = await encodeEmbeddingFile(embedding);
      await this.makeRoom(file.length);
      const handle = await this.folder.getFileHandle(name, { create: true });
      await write(handle, file);
      this.total.wrote(file.length);
    } catch {
      // No quota left, or another tab is writing this very file. A part of a file is a later miss.
      await this.remove(name);
    }
  }

  async size(): Promise<KeptSize> {
    const files = await this.files();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { files: files.length, bytes, limitBytes: this.limitBytes };
  }

  /** Deletes every embedding, but for one that another tab is reading or writing at this moment. */
  async clear(): Promise<void> {
    for (const { name } of await this.files()) await this.remove(name);
  }

  private async makeRoom(bytes: number): Promise<void> {
    if (!this.total.needsListing(bytes)) return;
    const files = await this.files();
    let kept = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of filesToEvict(files, this.limitBytes - bytes)) {
      await this.remove(file.name);
      kept -= file.bytes;
    }
    this.total.listed(kept);
  }

  private async files(): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for await (const [name, handle] of this.folder.entries()) {
      if (handle.kind !== 'file') continue;
      const file = await (handle as FileSystemFileHandle).getFile().catch(() => null);
      if (file) files.push({ name, bytes: file.size, lastUsed: file.lastModified });
    }
    return files;
  }

  private async remove(name: string): Promise<void> {
    await this.folder.removeEntry(name).catch(() => undefined);
  }
}

/** What TypeScript declares for workers only (https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle). */
interface SyncAccessHandle {
  write(data: BufferSource, options: { at: number }): number;
  truncate(bytes: number): void;
  flush(): void;
  close(): void;
}
interface WorkerFileHandle extends FileSystemFileHandle {
  createSyncAccessHandle(): Promise<SyncAccessHandle>;
}

function hasSyncAccess(handle: FileSystemFileHandle): handle is WorkerFileHandle {
  return 'createSyncAccessHandle' in handle;
}

async function write(handle: FileSystemFileHandle, file: Uint8Array): Promise<void> {
  // In a worker, and the only way in Safari before 26.
  if (hasSyncAccess(handle)) {
    const access = await handle.createSyncAccessHandle();
    try {
      access.truncate(0);
      const written = access.write(file as BufferSource, { at: 0 });
      if (written !== file.length) throw new Error(`wrote ${written} of ${file.length} bytes`);
      access.flush();
    } finally {
      access.close();
    }
    return;
  }
  const writable = await handle.createWritable();
  await writable.write(file as BufferSource);
  await writable.close();
}

/**
 * Marks a file as just used by writing its first bytes again: there is no call to set its time. Where
 * it has no effect (on a page, in a private window) the oldest file goes first, not the least used.
 */
async function touch(handle: FileSystemFileHandle): Promise<void> {
  if (!hasSyncAccess(handle)) return;
  try {
    const access = await handle.createSyncAccessHandle();
    try {
      access.write(MAGIC as BufferSource, { at: 0 });
    } finally {
      access.close();
    }
  } catch {
    // Another tab holds it: it is in use anyway.
  }
}
