/** Where the browser keeps tasks; `memory` forgets them when the page is closed. */
export type TaskPlace = 'opfs' | 'indexed-db' | 'memory';

/** Files by name, written completely or not at all. */
export interface TaskFiles {
  readonly place: TaskPlace;
  names(): Promise<string[]>;
  /** @returns null if there is no such file */
  read(name: string): Promise<Uint8Array | null>;
  /** @throws an error of the browser, e.g. if storage is full */
  write(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}

/** Files in memory; lost when the page is closed. */
export class MemoryFiles implements TaskFiles {
  readonly place = 'memory';
  private readonly files = new Map<string, Uint8Array>();

  async names(): Promise<string[]> {
    return [...this.files.keys()];
  }

  async read(name: string): Promise<Uint8Array | null> {
    return this.files.get(name)?.slice() ?? null;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    this.files.set(name, bytes.slice());
  }

  async remove(name: string): Promise<void> {
    this.files.delete(name);
  }
}
