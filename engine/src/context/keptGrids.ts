import { RecentlyUsed } from '../cache/recentlyUsed';
import type { TokenGrid } from './tokenGrid';

/** Token grids, 1.1 MB each: of the slices that were used last, the others are made anew when asked for. */
export class KeptGrids {
  private readonly latest: RecentlyUsed<number, TokenGrid>;

  /**
   * @param labelled slice index -> grid, which are never made
   * @param make of a slice that is not labelled
   * @param most how many of those are kept
   */
  constructor(
    private readonly labelled: ReadonlyMap<number, TokenGrid>,
    private readonly make: (index: number) => Promise<TokenGrid>,
    most: number,
  ) {
    this.latest = new RecentlyUsed(most, () => 1);
  }

  async of(index: number): Promise<TokenGrid> {
    const known = this.labelled.get(index) ?? this.latest.get(index);
    if (known) return known;
    const grid = await this.make(index);
    this.latest.put(index, grid);
    return grid;
  }

  /** Lets go of all but the labelled slices. */
  clear(): void {
    this.latest.clear();
  }
}
