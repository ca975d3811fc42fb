/** Keeps values up to a limit; beyond it, drops the least recently used first. */
export class RecentlyUsed<K, V> {
  /** A Map keeps insertion order: the first entry is the least recently used. */
  private readonly entries = new Map<K, V>();
  private size = 0;

  /** @param sizeOf size of a value, in the unit of the limit; larger values than the limit are not kept */
  constructor(
    private readonly limit: number,
    private readonly sizeOf: (value: V) => number,
  ) {}

  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  put(key: K, value: V): void {
    this.remove(key);
    if (this.sizeOf(value) > this.limit) return;
    this.entries.set(key, value);
    this.size += this.sizeOf(value);
    for (const oldest of this.entries.keys()) {
      if (this.size <= this.limit) break;
      this.remove(oldest);
    }
  }

  clear(): void {
    this.entries.clear();
    this.size = 0;
  }

  private remove(key: K): void {
    const value = this.entries.get(key);
    if (value === undefined) return;
    this.entries.delete(key);
    this.size -= this.sizeOf(value);
  }
}
