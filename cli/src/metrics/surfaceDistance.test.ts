import type { Triple } from 'fewshot-sam';
import { surfaceDistances, surfaceVoxels } from './surfaceDistance';

/** Reads drawn planes (`#` inside, `.` outside), each a list of rows. */
const drawn = (...planes: string[][]) =>
  Uint8Array.from(planes.flat().join(''), mark => (mark === '#' ? 1 : 0));

/** Surface and distances by definition, voxel by voxel: shares no code with what is tested. */
function bruteForce(a: Uint8Array, b: Uint8Array, [nx, ny, nz]: Triple, spacing: Triple) {
  const surface = (mask: Uint8Array) => {
    const inside = (x: number, y: number, z: number) =>
      x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz && mask[x + nx * (y + ny * z)] === 1;
    const points: number[][] = [];
    for (let x = 0; x < nx; x++)
      for (let y = 0; y < ny; y++)
        for (let z = 0; z < nz; z++) {
          const neighbors = [
            [x - 1, y, z],
            [x + 1, y, z],
            [x, y - 1, z],
            [x, y + 1, z],
            [x, y, z - 1],
            [x, y, z + 1],
          ];
          if (inside(x, y, z) && neighbors.some(([i, j, k]) => !inside(i, j, k)))
            points.push([x * spacing[0], y * spacing[1], z * spacing[2]]);
        }
    return points;
  };
  const [from, to] = [surface(a), surface(b)];
  const nearest = (p: number[], points: number[][]) =>
    Math.min(...points.map(q => Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2])));
  const all = [...from.map(p => nearest(p, to)), ...to.map(p => nearest(p, from))];
  return { assdMm: all.reduce((sum, value) => sum + value, 0) / all.length, all };
}

/** NumPy's percentile by counting: the value that `share` of the way along the others has. */
function percentileByCounting(values: number[], share: number): number {
  const ofRank = (rank: number) =>
    values.find(
      value =>
        values.filter(other => other < value).length <= rank &&
        values.filter(other => other <= value).length > rank,
    )!;
  const place = share * (values.length - 1);
  const part = place % 1;
  return (1 - part) * ofRank(Math.floor(place)) + part * ofRank(Math.ceil(place));
}

/** The mean alone. */
function assd(
  a: Uint8Array,
  b: Uint8Array,
  size: Triple,
  spacing: Triple,
  options?: Parameters<typeof surfaceDistances>[3],
): number | null {
  return surfaceDistances(a, b, { size, spacing }, options).assdMm;
}

/** The 95th percentile alone. */
function hd95(
  a: Uint8Array,
  b: Uint8Array,
  size: Triple,
  spacing: Triple,
  options?: Parameters<typeof surfaceDistances>[3],
): number | null {
  return surfaceDistances(a, b, { size, spacing }, options).hd95Mm;
}

describe('surfaceVoxels', () => {
  it('leaves out what is enclosed on all six sides', () => {
    const cube = new Uint8Array(27).fill(1);
    const surface = surfaceVoxels(cube, [3, 3, 3]);
    expect(surface).toHaveLength(26);
    expect(surface).not.toContain(13);
  });

  it('counts the edge of the grid as a surface', () => {
    expect(surfaceVoxels(Uint8Array.of(1, 1, 1), [3, 1, 1])).toEqual([0, 1, 2]);
  });
});

const left = drawn(['#....'], ['#....']);
const right = drawn(['...#.'], ['...#.']);

describe('average symmetric surface distance', () => {
  it('is the distance in mm of two parallel lines', () => {
    expect(assd(left, right, [5, 1, 2], [0.5, 1, 2])).toBeCloseTo(1.5, 12);
    expect(assd(left, left, [5, 1, 2], [0.5, 1, 2])).toBe(0);
  });

  it('uses the spacing of the axis along which the masks lie apart', () => {
    const bottom = drawn(['##'], ['..']);
    const top = drawn(['..'], ['##']);
    expect(assd(bottom, top, [2, 1, 2], [1, 1, 5])).toBeCloseTo(5, 12);
  });

  it('weighs every surface voxel of both masks alike', () => {
    // Distances from a: 0. From b: 0, 1, 2, 3. Mean of the five.
    const a = drawn(['#...']);
    const b = drawn(['####']);
    expect(assd(a, b, [4, 1, 1], [1, 1, 1])).toBeCloseTo(6 / 5, 12);
  });

  it('is 0 for two empty masks and null for one, whichever it is', () => {
    const empty = new Uint8Array(10);
    expect(assd(empty, empty, [5, 1, 2], [1, 1, 1])).toBe(0);
    expect(assd(empty, left, [5, 1, 2], [1, 1, 1])).toBeNull();
    expect(assd(left, empty, [5, 1, 2], [1, 1, 1])).toBeNull();
  });

  it('can leave labeled slices out of the mean and still measure to them', () => {
    // Plane 0 was drawn by the user: equal in both. In plane 1 the prediction lacks everything.
    const predicted = drawn(['###'], ['...']);
    const truth = drawn(['###'], ['###']);
    const counts = (voxel: number) => voxel >= 3;
    expect(assd(predicted, truth, [3, 1, 2], [1, 1, 4], { counts })).toBeCloseTo(4, 12);
    expect(assd(predicted, truth, [3, 1, 2], [1, 1, 4])).toBeCloseTo(12 / 9, 12);
  });

  it('refuses masks that do not fit the grid', () => {
    expect(() => assd(left, right, [5, 1, 3], [1, 1, 1])).toThrow('5 x 1 x 3');
  });
});

describe('95 % Hausdorff distance', () => {
  it('is the distance in mm of two parallel lines', () => {
    expect(hd95(left, right, [5, 1, 2], [0.5, 1, 2])).toBeCloseTo(1.5, 12);
    expect(hd95(left, left, [5, 1, 2], [0.5, 1, 2])).toBe(0);
  });

  it('pools both directions and goes between ranks linearly', () => {
    // Distances from a: 0. From b: 0, 1, 2, 3. Rank 0.95 * 4 = 3.8: 2 + 0.8. Per direction: 2.85.
    expect(hd95(drawn(['#...']), drawn(['####']), [4, 1, 1], [1, 1, 1])).toBeCloseTo(2.8, 12);
    expect(hd95(drawn(['####']), drawn(['#...']), [4, 1, 1], [1, 1, 1])).toBeCloseTo(2.8, 12);
  });

  it('forgives one stray voxel among many, the mean does not', () => {
    const bar = '#'.repeat(30);
    const truth = drawn([`${bar}..........`]);
    const predicted = drawn([`${bar}.........#`]);
    expect(hd95(predicted, truth, [40, 1, 1], [1, 1, 1])).toBe(0);
    expect(assd(predicted, truth, [40, 1, 1], [1, 1, 1])).toBeCloseTo(10 / 61, 12);
  });

  it('is 0 for two empty masks and null for one, whichever it is', () => {
    const empty = new Uint8Array(10);
    expect(hd95(empty, empty, [5, 1, 2], [1, 1, 1])).toBe(0);
    expect(hd95(empty, left, [5, 1, 2], [1, 1, 1])).toBeNull();
    expect(hd95(left, empty, [5, 1, 2], [1, 1, 1])).toBeNull();
  });

  it('can leave labeled slices out', () => {
    const predicted = drawn(['###'], ['...']);
    const truth = drawn(['###'], ['###']);
    const counts = (voxel: number) => voxel >= 3;
    expect(hd95(predicted, truth, [3, 1, 2], [1, 1, 4], { counts })).toBeCloseTo(4, 12);
    const none = { counts: () => false };
    expect(hd95(predicted, truth, [3, 1, 2], [1, 1, 4], none)).toBe(0);
  });
});

describe('surfaceDistances', () => {
  it('agrees with brute force on overlapping ellipsoids with anisotropic voxels', () => {
    const size: Triple = [15, 12, 9];
    const ellipsoid = (cx: number, cy: number, cz: number, radius: number) =>
      Uint8Array.from({ length: 15 * 12 * 9 }, (_, i) => {
        const [x, y, z] = [i % 15, Math.floor(i / 15) % 12, Math.floor(i / 180)];
        return ((x - cx) / radius) ** 2 + ((y - cy) / 4) ** 2 + ((z - cz) / 3) ** 2 <= 1 ? 1 : 0;
      });
    const a = ellipsoid(6, 5, 4, 5);
    const b = ellipsoid(8, 6, 3, 4);
    const spacing: Triple = [0.8, 1.1, 2.5];
    const expected = bruteForce(a, b, size, spacing);
    const { assdMm, hd95Mm } = surfaceDistances(a, b, { size, spacing });
    expect(assdMm).toBeCloseTo(expected.assdMm, 9);
    expect(hd95Mm).toBeCloseTo(percentileByCounting(expected.all, 0.95), 9);
    expect(expected.assdMm).toBeGreaterThan(0.5);
    expect(hd95Mm).toBeGreaterThan(2 * expected.assdMm);
  });
});
