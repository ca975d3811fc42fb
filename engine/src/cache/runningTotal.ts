import { sizeOf } from './keptSize';
import { filesToEvict, type StoredFile } from './embeddingFile';

/** The files of a cache, on a disk or in the browser. */
export interface FileStore {
  files(): Promise<StoredFile[]>;
  remove(name: string): Promise<void>;
}

/**
 * Decides when a cache must list its files: listing at each write would slow down as the cache grows. Other
 * tabs and processes write too, so the cache lists them now and then in any case.
 */
export class RunningTotal {
  private kept = Infinity;
  private sinceListing = 0;

  constructor(private readonly limitBytes: number) {}

  /** Whether to list the files, and perhaps delete some, before writing so many bytes. */
  needsListing(bytes: number): boolean {
    const foreign = this.sinceListing + bytes > this.limitBytes / 8;
    return foreign || this.kept + bytes > this.limitBytes;
  }

  /** Deletes the least recently used files, if needed, so that so many more bytes fit the limit. */
  async makeRoom(bytes: number, store: FileStore): Promise<void> {
    if (!this.needsListing(bytes)) return;
    const files = await store.files();
    let kept = sizeOf(files, this.limitBytes).bytes;
    for (const file of filesToEvict(files, this.limitBytes - bytes)) {
      await store.remove(file.name);
      kept -= file.bytes;
    }
    this.listed(kept);
  }

  /** @param bytes of the files that remain after a listing */
  listed(bytes: number): void {
    this.kept = bytes;
    this.sinceListing = 0;
  }

  /** @param bytes written, also when the file replaced another */
  wrote(bytes: number): void {
    this.kept += bytes;
    this.sinceListing += bytes;
  }
}
