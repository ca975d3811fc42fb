/** Allocates and releases addresses in a memory that is created later. */
export class MemoryPlan {
  private end: number;
  private free: { address: number; bytes: number }[] = [];
  private readonly taken = new Map<number, number>();

  /** @param start the first address to give out */
  constructor(private readonly start: number) {
    this.end = start;
  }

  /** Total bytes needed from `start` on. */
  get bytes(): number {
    return this.end - this.start;
  }

  /** Allocates room for so many values of 4 bytes. @returns its address */
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

  /** Allocates room that was never used before, for constants: a run does not overwrite them. */
  allocateUnused(values: number): number {
    const address = this.end;
    this.end += Math.ceil((4 * values) / ALIGNMENT) * ALIGNMENT;
    return address;
  }

  /** Releases memory for reuse; do not read it afterwards. */
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
    // Extend a free piece at the very end.
    const last = this.free.find(piece => piece.address + piece.bytes === this.end);
    const address = last?.address ?? this.end;
    if (last) last.bytes = 0;
    this.end = address + bytes;
    return address;
  }
}

/** Bytes of a cache line. */
const ALIGNMENT = 64;
