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
  constructor(
    private readonly folder: string = defaultCacheFolder(),
    private readonly limitBytes: number = 2 ** 31,
  ) {}

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
      await writeFile(aside, await encodeEmbeddingFile(embedding), { mode: 0o600 });
      await rename(aside, file);
      await this.evict();
    } catch {
      // A full or read-only disk costs time, not the result.
      await rm(aside, { force: true }).catch(() => undefined);
    }
  }

  private async evict(): Promise<void> {
    const files: StoredFile[] = [];
    for (const name of await readdir(this.folder)) {
      // The folder is the user's choice: nothing else in it is ours to delete.
      if (!isEmbeddingFileName(name)) continue;
      const found = await stat(path.join(this.folder, name)).catch(() => null);
      if (found) files.push({ name, bytes: found.size, lastUsed: found.mtimeMs });
    }
    for (const { name } of filesToEvict(files, this.limitBytes)) {
      await rm(path.join(this.folder, name), { force: true });
    }
  }
}
