import type { Triple } from '../geometry/grid';
import { connectedComponents } from './connectedComponents';

/** Planes of rows: `.` outside, any other mark inside. */
function read(...planes: string[][]): { mask: Uint8Array; size: Triple } {
  const size: Triple = [planes[0][0].length, planes[0].length, planes.length];
  const mask = Uint8Array.from(planes.flat().join(''), mark => (mark === '.' ? 0 : 1));
  return { mask, size };
}

/** The labels of a mask, drawn as the mask was. */
function labeled(...planes: string[][]): string[][] {
  const { mask, size } = read(...planes);
  const marks = [...connectedComponents(mask, size).labels].map(v => (v ? String(v) : '.'));
  const [nx, ny] = size;
  return planes.map((plane, z) =>
    plane.map((_, y) => marks.slice((z * ny + y) * nx, (z * ny + y + 1) * nx).join('')),
  );
}

/** Labels by spreading from voxel to voxel over all 26 neighbors: shares no code with the tested. */
function bruteForce(mask: Uint8Array, [nx, ny, nz]: Triple): number[] {
  const labels = new Array<number>(mask.length).fill(0);
  let last = 0;
  const spread = (from: number) => {
    const todo = [from];
    labels[from] = ++last;
    for (let voxel = todo.pop(); voxel !== undefined; voxel = todo.pop()) {
      const [x, y, z] = [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
      for (let k = Math.max(0, z - 1); k <= Math.min(nz - 1, z + 1); k++)
        for (let j = Math.max(0, y - 1); j <= Math.min(ny - 1, y + 1); j++)
          for (let i = Math.max(0, x - 1); i <= Math.min(nx - 1, x + 1); i++) {
            const other = i + nx * (j + ny * k);
            if (!mask[other] || labels[other]) continue;
            labels[other] = last;
            todo.push(other);
          }
    }
  };
  mask.forEach((value, voxel) => value && !labels[voxel] && spread(voxel));
  return labels;
}

/** Repeatable pseudo-random mask (Park and Miller). */
function noise([nx, ny, nz]: Triple, density: number): Uint8Array {
  let state = 7;
  return Uint8Array.from({ length: nx * ny * nz }, () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647 < density ? 1 : 0;
  });
}

describe('connectedComponents of a slice', () => {
  it('numbers them in the order in which they begin', () => {
    expect(labeled(['.#..#', '....#', '##...'])).toEqual([['.1..2', '....2', '33...']]);
  });

  it('connects over corners', () => {
    expect(labeled(['#..', '.#.', '#..'])).toEqual([['1..', '.1.', '1..']]);
  });

  it('joins arms that meet late', () => {
    expect(labeled(['#.#.#', '#.#.#', '#####'])).toEqual([['1.1.1', '1.1.1', '11111']]);
    // A spiral: its parts meet only after several rows.
    const spiral = ['#######', '......#', '#####.#', '#...#.#', '#.###.#', '#.....#', '#######'];
    expect(labeled(spiral)).toEqual([spiral.map(row => row.replaceAll('#', '1'))]);
  });

  it('does not connect the end of a row with the start of the next', () => {
    expect(labeled(['..#', '...', '#..'])).toEqual([['..1', '...', '2..']]);
    expect(labeled(['..##', '#...'])).toEqual([['..11', '2...']]);
  });

  it('counts voxels and finds the box of each', () => {
    const { mask, size } = read(['.#...', '#..##', '....#']);
    expect(connectedComponents(mask, size).components).toEqual([
      { label: 1, voxels: 2, low: [0, 0, 0], high: [1, 1, 0] },
      { label: 2, voxels: 3, low: [3, 1, 0], high: [4, 2, 0] },
    ]);
  });

  it('finds nothing in an empty mask', () => {
    const { labels, components } = connectedComponents(new Uint8Array(6), [3, 2, 1]);
    expect([...labels]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(components).toEqual([]);
  });

  it('refuses a mask of another size', () => {
    expect(() => connectedComponents(new Uint8Array(5), [3, 2, 1])).toThrow('5 values');
  });
});

describe('connectedComponents of a volume', () => {
  it('connects planes over faces, edges and corners', () => {
    expect(labeled(['#..', '...'], ['.#.', '...'], ['...', '..#'])).toEqual([
      ['1..', '...'],
      ['.1.', '...'],
      ['...', '..1'],
    ]);
  });

  it('does not connect the last row of a plane with the first of the next', () => {
    expect(labeled(['...', '...', '###'], ['###', '...', '...'])).toEqual([
      ['...', '...', '111'],
      ['222', '...', '...'],
    ]);
  });

  it('joins through a neighboring plane what lies apart in its own', () => {
    const { mask, size } = read(['#...#'], ['.###.']);
    expect(connectedComponents(mask, size).components).toEqual([
      { label: 1, voxels: 5, low: [0, 0, 0], high: [4, 0, 1] },
    ]);
  });

  it.each<[Triple, number]>([
    [[17, 13, 11], 0.06],
    [[17, 13, 11], 0.12],
    [[9, 21, 5], 0.5],
    [[40, 30, 1], 0.35],
  ])('agrees with brute force on noise of %j at density %d', (size, density) => {
    const mask = noise(size, density);
    const { labels, components } = connectedComponents(mask, size);
    expect([...labels]).toEqual(bruteForce(mask, size));
    expect(components.reduce((sum, { voxels }) => sum + voxels, 0)).toBe(
      mask.reduce((sum, value) => sum + value, 0),
    );
  });
});
