import type { TaskFiles } from './taskFiles';

const STORE = 'files';

/** Files as records of an IndexedDB, for browsers whose pages have no file system of their own. */
export class IndexedDbFiles implements TaskFiles {
  readonly place = 'indexed-db';

  private constructor(private readonly database: IDBDatabase) {}

  /** @returns null where the browser keeps no database, as in some private windows */
  static async open(databaseName: string): Promise<IndexedDbFiles | null> {
    try {
      const opening = indexedDB.open(databaseName, 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
      return new IndexedDbFiles(await answer(opening));
    } catch {
      return null;
    }
  }

  async names(): Promise<string[]> {
    return (await answer(this.store('readonly').getAllKeys())).map(String);
  }

  async read(name: string): Promise<Uint8Array | null> {
    return ((await answer(this.store('readonly').get(name))) as Uint8Array | undefined) ?? null;
  }

  async write(name: string, bytes: Uint8Array): Promise<void> {
    await answer(this.store('readwrite').put(bytes, name));
  }

  async remove(name: string): Promise<void> {
    await answer(this.store('readwrite').delete(name));
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the browser gave no reason'));
  });
}
