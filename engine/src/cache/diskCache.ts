import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { EmbeddingCache, KeptEmbedding } from './embeddingCache';
import {
  decodeEmbeddingFile,
  embeddingFileName,
  encodeEmbeddingFile,
  isEmbeddingFileName,
  type StoredFile,
} from './embeddingFile';
import { sizeOf, type KeptSize } from './keptSize';
import { RunningTotal, type FileStore } from './runningTotal';

/** Returns the cache folder of this operating system's convention. */
export function defaultCacheFolder(
  platform: NodeJS.Platform = process.platform,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const home = homedir();
  const base =
    platform === 'win32'
      ? (env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'))
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : env.XDG_CACHE_HOME || path.join(home, '.cache');
  return path.join(base, 'fewshot-sam', 'embeddings');
}

/** Keeps each embedding as a file; beyond the limit, deletes the least recently used first. */
export class DiskCache implements EmbeddingCache, FileStore {
  private readonly total: RunningTotal;

  constructor(
    private readonly folder: string = defaultCacheFolder(),
    private readonly limitBytes: number = 2 ** 31,
  ) {
    this.total = new RunningTotal(limitBytes);
  }

  async get(key: string): Promise<KeptEmbedding | null> {
    const file = path.join(this.folder, embeddingFileName(key));
    try {
      const embedding = await decodeEmbeddingFile(await readFile(file));
      if (!embedding) {
        await rm(file, { force: true });
        return null;
      }
      const now = new Date();
      await utimes(file, now, now);
      return embedding;
    } catch {
      return null;
    }
  }

  async put(key: string, embedding: KeptEmbedding): Promise<void> {
    const file = path.join(this.folder, embeddingFileName(key));
    // Rename a complete file, so that a second process never reads half of one.
    const aside = `${file}.${randomUUID()}.part`;
    try {
      // Embeddings are derived from patients' images, so only their owner may read them.
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const bytes = await encodeEmbeddingFile(embedding);
      await this.total.makeRoom(bytes.length, this);
      await writeFile(aside, bytes, { mode: 0o600 });
      await rename(aside, file);
      this.total.wrote(bytes.length);
    } catch {
      // On a full or read-only disk the embedding is computed again, at no cost to the result.
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  async size(): Promise<KeptSize> {
    return sizeOf(await this.files(), this.limitBytes);
  }

  /**
   * Deletes every embedding, and nothing else in the folder.
   *
   * @returns what was deleted
   * @throws Error of the file system when a file cannot be deleted
   */
  async clear(): Promise<KeptSize> {
    const size = await this.size();
    for (const { name } of await this.files()) await rm(path.join(this.folder, name));
    return size;
  }

  async remove(name: string): Promise<void> {
    await rm(path.join(this.folder, name), { force: true });
  }

  async files(): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for (const name of await readdir(this.folder).catch(() => [])) {
      // The user chose the folder, so leave other files in it alone.
      if (!isEmbeddingFileName(name)) continue;
      const found = await stat(path.join(this.folder, name)).catch(() => null);
      if (found) files.push({ name, bytes: found.size, lastUsed: found.mtimeMs });
    }
    return files;
  }
}
