import type { EmbeddingCache, KeptEmbedding } from './embeddingCache';
import {
  decodeEmbeddingFile,
  embeddingFileName,
  encodeEmbeddingFile,
  MAGIC,
  type StoredFile,
} from './embeddingFile';
import { sizeOf, type KeptSize } from './keptSize';
import { RunningTotal, type FileStore } from './runningTotal';

const FOLDER = 'fewshot-sam-embeddings';

/**
 * Keeps each embedding as a file in the browser's origin private file system; beyond the limit, deletes the
 * least recently used first. Where the browser grants no space, it keeps nothing.
 */
export class OpfsCache implements EmbeddingCache, FileStore {
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
      await this.total.makeRoom(file.length, this);
      const handle = await this.folder.getFileHandle(name, { create: true });
      await write(handle, file);
      this.total.wrote(file.length);
    } catch {
      // No quota left, or another tab is writing this file. A partial file is a miss later.
      await this.remove(name);
    }
  }

  async size(): Promise<KeptSize> {
    return sizeOf(await this.files(), this.limitBytes);
  }

  /** Deletes every embedding except any that another tab is reading or writing right now. */
  async clear(): Promise<void> {
    for (const { name } of await this.files()) await this.remove(name);
  }

  async files(): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for await (const [name, handle] of this.folder.entries()) {
      if (handle.kind !== 'file') continue;
      const file = await (handle as FileSystemFileHandle).getFile().catch(() => null);
      if (file) files.push({ name, bytes: file.size, lastUsed: file.lastModified });
    }
    return files;
  }

  async remove(name: string): Promise<void> {
    await this.folder.removeEntry(name).catch(() => undefined);
  }
}

/**
 * TypeScript declares this for workers only (https://fs.spec.whatwg.org/#api-filesystemsyncaccesshandle).
 */
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
  // Available in workers only; Safari before 26 has no other way.
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
 * Marks a file as just used by rewriting its first bytes: no call sets its time. Where this has no effect
 * (on a page, in a private window), the oldest file is deleted first, not the least recently used.
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
    // Another tab has the file open, so it is in use anyway.
  }
}
