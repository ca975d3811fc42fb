import type { TokenGrid } from './tokenGrid';

/** Token grids, 1.1 MB each: of the slices that were used last, the others are made anew when asked for. */
export class KeptGrids {
  /** A Map keeps insertion order: the first entry is the least recently used. */
  private readonly latest = new Map<number, TokenGrid>();

  /**
   * @param labelled slice index -> grid, which are never made
   * @param make of a slice that is not labelled
   * @param most how many of those are kept
   */
  constructor(
    private readonly labelled: ReadonlyMap<number, TokenGrid>,
    private readonly make: (index: number) => Promise<TokenGrid>,
    private readonly most: number,
  ) {}

  async of(index: number): Promise<TokenGrid> {
    const grid = this.labelled.get(index) ?? this.latest.get(index) ?? (await this.make(index));
    if (this.labelled.has(index)) return grid;
    this.latest.delete(index);
    this.latest.set(index, grid);
    for (const oldest of this.latest.keys()) {
      if (this.latest.size <= this.most) break;
      this.latest.delete(oldest);
    }
    return grid;
  }

  /** Lets go of all but the labelled slices. */
  clear(): void {
    this.latest.clear();
  }
}
