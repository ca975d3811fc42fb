import type { TaskFiles } from './taskFiles';

/** Files in a folder of the browser's origin private file system (https://fs.spec.whatwg.org). */
export class OpfsFiles implements TaskFiles {
  readonly place = 'opfs';

  private constructor(private readonly folder: FileSystemDirectoryHandle) {}

  /** @returns null if there is no such file system, or pages cannot write to it */
  static async open(folderName: string): Promise<OpfsFiles | null> {
    try {
      const root = await navigator.storage.getDirectory();
      const files = new OpfsFiles(await root.getDirectoryHandle(folderName, { create: true }));
      await files.write(PROBE, Uint8Array.of(1));
      await files.remove(PROBE);
      return files;
    } catch {
      return null;
    }
  }

  async names(): Promise<string[]> {
    const names: string[] = [];
    for await (const [name, handle] of this.folder.entries()) {
      if (handle.kind === 'file') names.push(name);
    }
    return names;
  }

  async read(name: string): Promise<Uint8Array | null> {
    try {
      const handle = await this.folder.getFileHandle(name);
      return new Uint8Array(await (await handle.getFile()).arrayBuffer());
    } catch (error) {
      if (error instanceof DOMException && error.name === 'NotFoundError') return null;
      throw error;
    }
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    const handle = await this.folder.getFileHandle(name, { create: true });
    // The file is replaced on close, so a page that closes midway changes nothing.
    const writable = await handle.createWritable();
    try {
      await writable.write(bytes as BufferSource);
      await writable.close();
    } catch (error) {
      await writable.abort().catch(() => undefined);
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await this.folder.removeEntry(name).catch(() => undefined);
  }
}

/** Safari before 26 opens files on a page but lets only workers write. */
const PROBE = 'probe';
