import type { TaskFiles } from './taskFiles';

const STORE = 'files';
const NO_REASON = 'the browser gave no reason';

/** Files as IndexedDB records, for browsers without a writable origin private file system. */
export class IndexedDbFiles implements TaskFiles {
  readonly place = 'indexed-db';

  private constructor(private readonly database: IDBDatabase) {}

  /** @returns null if the browser offers no database, as in some private windows */
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
    await this.change(store => store.put(bytes, name));
  }

  async remove(name: string): Promise<void> {
    await this.change(store => store.delete(name));
  }

  /** Waits for the commit: a request may succeed although the disk is full. */
  private async change(request: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    const store = this.store('readwrite');
    const { transaction } = store;
    const isCommitted = new Promise<void>((resolve, reject) => {
      const fail = () => reject(transaction.error ?? new Error(NO_REASON));
      transaction.oncomplete = () => resolve();
      transaction.onabort = fail;
      transaction.onerror = fail;
    });
    request(store);
    await isCommitted;
  }

  private store(mode: IDBTransactionMode): IDBObjectStore {
    return this.database.transaction(STORE, mode).objectStore(STORE);
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(NO_REASON));
  });
}
