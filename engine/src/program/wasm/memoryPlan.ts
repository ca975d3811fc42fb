/** Gives out addresses in a memory that is made later, and takes them back for others. */
export class MemoryPlan {
  private end: number;
  private free: { address: number; bytes: number }[] = [];
  private readonly taken = new Map<number, number>();

  /** @param start the first address to give out */
  constructor(private readonly start: number) {
    this.end = start;
  }

  /** Bytes from `start` on that are needed in all. */
  get bytes(): number {
    return this.end - this.start;
  }

  /** @returns the address of room for so many values of 4 bytes */
  allocate(values: number): number {
    const bytes = Math.ceil((4 * values) / ALIGNMENT) * ALIGNMENT;
    const fitting = this.free
      .filter(piece => piece.bytes >= bytes)
      .sort((a, b) => a.bytes - b.bytes)[0];
    const address = fitting?.address ?? this.grow(bytes);
    if (fitting) {
      fitting.address += bytes;
      fitting.bytes -= bytes;
    }
    this.taken.set(address, bytes);
    return address;
  }

  /** Room that nobody had before: what is written there before a run is there during it. */
  allocateUnused(values: number): number {
    const address = this.end;
    this.end += Math.ceil((4 * values) / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  /** What is released is given to others: nobody may read it any more. */
  release(address: number): void {
    const bytes = this.taken.get(address);
    if (bytes === undefined) throw new Error(`nothing was allocated at ${address}`);
    this.taken.delete(address);
    this.free.push({ address, bytes });
    this.free = this.free.filter(piece => piece.bytes > 0).sort((a, b) => a.address - b.address);
    for (let i = this.free.length - 1; i > 0; i--) {
      const [before, after] = [this.free[i - 1], this.free[i]];
      if (before.address + before.bytes !== after.address) continue;
      before.bytes += after.bytes;
      this.free.splice(i, 1);
    }
  }

  /** Releases everything that was allocated and not yet released. */
  releaseAll(): void {
    for (const address of [...this.taken.keys()]) this.release(address);
  }

  private grow(bytes: number): number {
    // A free piece at the very end is made longer.
    const last = this.free.find(piece => piece.address + piece.bytes === this.end);
    const address = last?.address ?? this.end;
    if (last) last.bytes = 0;
    this.end = address + bytes;
    return address;
  }
}

/** A line of the processor's cache. */
const ALIGNMENT = 64;
