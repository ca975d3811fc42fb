/** Holds the snapshot that the panel shows, and notifies listeners of changes. */
export class SnapshotStore<Snapshot extends object> {
  private readonly listeners = new Set<() => void>();

  constructor(private snapshot: Snapshot) {}

  get = (): Snapshot => this.snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  update(change: Partial<Snapshot>): void {
    this.snapshot = { ...this.snapshot, ...change };
    this.listeners.forEach(listener => listener());
  }

  /** Removes all listeners. */
  dispose(): void {
    this.listeners.clear();
  }
}
