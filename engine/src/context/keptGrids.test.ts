import { KeptGrids } from './keptGrids';
import type { TokenGrid } from './tokenGrid';

/** Told apart by their size. */
const grid = (size: number) => ({ size }) as TokenGrid;

describe('KeptGrids', () => {
  const made: number[] = [];
  const make = async (index: number) => {
    made.push(index);
    return grid(index);
  };
  beforeEach(() => made.splice(0));

  it('makes a grid once, and again when others were used since', async () => {
    const grids = new KeptGrids(new Map(), make, 2);
    for (const index of [1, 2, 1, 3, 1, 2]) expect(await grids.of(index)).toEqual(grid(index));
    expect(made).toEqual([1, 2, 3, 2]);
  });

  it('never makes one of a labeled slice, nor lets go of it', async () => {
    const grids = new KeptGrids(new Map([[0, grid(100)]]), make, 1);
    for (const index of [0, 1, 2, 0]) await grids.of(index);
    grids.clear();
    expect(await grids.of(0)).toEqual(grid(100));
    expect(made).toEqual([1, 2]);
  });
});
