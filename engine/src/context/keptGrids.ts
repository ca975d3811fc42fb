import { RecentlyUsed } from '../cache/recentlyUsed';
import type { TokenGrid } from './tokenGrid';

/** Keeps the token grids, 1.1 MB each, of the slices used last; makes others again on demand. */
export class KeptGrids {
  private readonly latest: RecentlyUsed<number, TokenGrid>;

  /**
   * @param labeled slice index -> grid; always kept
   * @param make makes the grid of a slice that is not labeled
   * @param most most of those to keep
   */
  constructor(
    private readonly labeled: ReadonlyMap<number, TokenGrid>,
    private readonly make: (index: number) => Promise<TokenGrid>,
    most: number,
  ) {
    this.latest = new RecentlyUsed(most, () => 1);
  }

  async of(index: number): Promise<TokenGrid> {
    const known = this.labeled.get(index) ?? this.latest.get(index);
    if (known) return known;
    const grid = await this.make(index);
    this.latest.put(index, grid);
    return grid;
  }

  /** Drops all but the labeled slices. */
  clear(): void {
    this.latest.clear();
  }
}
