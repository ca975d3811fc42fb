import { IndexedDbFiles } from './indexedDbFiles';

/** A browser whose disk is full when a change is committed, though each request succeeded. */
class Database {
  isFull = false;
  readonly records = new Map<string, unknown>();

  transaction() {
    const transaction = {
      error: null as Error | null,
      oncomplete: () => undefined,
      onabort: () => undefined,
      objectStore: () => ({
        put: (value: unknown, key: string) => this.request(() => this.records.set(key, value)),
        delete: (key: string) => this.request(() => this.records.delete(key)),
        get: (key: string) => this.request(() => this.records.get(key)),
        getAllKeys: () => this.request(() => [...this.records.keys()]),
        transaction,
      }),
    };
    const before = new Map(this.records);
    setTimeout(() => {
      if (!this.isFull) return transaction.oncomplete();
      this.records.clear();
      before.forEach((value, key) => this.records.set(key, value));
      transaction.error = new DOMException('The disk is full.', 'QuotaExceededError');
      transaction.onabort();
    }, 5);
    return transaction;
  }

  private request(work: () => unknown) {
    const request = { result: work(), onsuccess: () => undefined };
    setTimeout(() => request.onsuccess());
    return request;
  }
}

describe('IndexedDbFiles', () => {
  const database = new Database();
  let files: IndexedDbFiles;
  beforeAll(async () => {
    const open = () => {
      const request = { result: database, onsuccess: () => undefined };
      setTimeout(() => request.onsuccess());
      return request;
    };
    Object.assign(globalThis, { indexedDB: { open } });
    files = (await IndexedDbFiles.open('tasks'))!;
  });

  it('reads what it wrote', async () => {
    await files.write('liver.task', Uint8Array.of(1, 2));
    expect(await files.names()).toEqual(['liver.task']);
    expect(await files.read('liver.task')).toEqual(Uint8Array.of(1, 2));
    await files.remove('liver.task');
    expect(await files.read('liver.task')).toBeNull();
  });

  it('says that nothing was kept when the disk is full at the very end', async () => {
    database.isFull = true;
    await expect(files.write('liver.task', Uint8Array.of(1))).rejects.toThrow('The disk is full.');
  });
});
