import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { EmbeddingCache, KeptEmbedding } from './embeddingCache';
import {
  decodeEmbeddingFile,
  embeddingFileName,
  encodeEmbeddingFile,
  filesToEvict,
  isEmbeddingFileName,
  type StoredFile,
} from './embeddingFile';
import type { KeptSize } from './keptSize';
import { RunningTotal } from './runningTotal';

/** Where this operating system keeps what programs can compute again. */
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

/** Keeps embeddings as files, one each; beyond the limit the least recently used go first. */
export class DiskCache implements EmbeddingCache {
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
    // Written aside and renamed, so that a second process never reads half a file.
    const aside = `${file}.${randomUUID()}.part`;
    try {
      // Embeddings are derived from patients' images: readable by their owner alone.
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      const bytes = await encodeEmbeddingFile(embedding);
      await this.makeRoom(bytes.length);
      await writeFile(aside, bytes, { mode: 0o600 });
      await rename(aside, file);
      this.total.wrote(bytes.length);
    } catch {
      // A full or read-only disk costs time, not the result.
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  async size(): Promise<KeptSize> {
    const files = await this.files();
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    return { files: files.length, bytes, limitBytes: this.limitBytes };
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

  private async makeRoom(bytes: number): Promise<void> {
    if (!this.total.needsListing(bytes)) return;
    const files = await this.files();
    let kept = files.reduce((sum, file) => sum + file.bytes, 0);
    for (const file of filesToEvict(files, this.limitBytes - bytes)) {
      await rm(path.join(this.folder, file.name), { force: true });
      kept -= file.bytes;
    }
    this.total.listed(kept);
  }

  private async files(): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for (const name of await readdir(this.folder).catch(() => [])) {
      // The folder is the user's choice: nothing else in it is ours to delete.
      if (!isEmbeddingFileName(name)) continue;
      const found = await stat(path.join(this.folder, name)).catch(() => null);
      if (found) files.push({ name, bytes: found.size, lastUsed: found.mtimeMs });
    }
    return files;
  }
}
