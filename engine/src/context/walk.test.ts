import { matchSlices, withinReach } from './matchSlices';
import type { TokenGrid } from './tokenGrid';
import { carryBetween, walk } from './walk';

const SIZE = 12;

/** A slice drawn with one letter per token: equal letters look alike, others do not. */
function grid(drawing: string): TokenGrid {
  const rows = drawing.trim().split(/\s+/);
  const letters = 'ox.y';
  const features = new Float32Array(SIZE * SIZE * letters.length);
  const intensities = new Float32Array(SIZE * SIZE * 4);
  rows.forEach((row, r) =>
    [...row].forEach((letter, c) => {
      const kind = letters.indexOf(letter);
      features[(r * SIZE + c) * letters.length + kind] = 1;
      intensities.fill(kind / 8, (r * SIZE + c) * 4, (r * SIZE + c + 1) * 4);
    }),
  );
  const size = { rows: rows.length, columns: rows[0].length };
  return { size: SIZE, features, dimensions: letters.length, intensities, ...size };
}

/** Tokens of one letter are the structure. */
function labeled(drawing: string, letter: string): Float32Array {
  const labels = new Float32Array(SIZE * SIZE);
  drawing
    .trim()
    .split(/\s+/)
    .forEach((row, r) => [...row].forEach((l, c) => (labels[r * SIZE + c] = l === letter ? 1 : 0)));
  return labels;
}

function draw(labels: Float32Array, { rows, columns }: TokenGrid): string {
  return Array.from({ length: rows }, (_, r) =>
    Array.from(labels.subarray(r * SIZE, r * SIZE + columns), v => (v > 0.5 ? 'o' : '.')).join(''),
  ).join('\n');
}

const FIRST = `
  oo......
  oo......
  ........
  ........
`;
/** It has moved, and something else came up. */
const SECOND = `
  ........
  ..oo....
  ..oo..xx
  ......xx
`;
const THIRD = `
  ........
  ........
  ....ooxx
  ....ooxx
`;
const clean = (text: string) => text.trim().replace(/ +/g, '').replace(/x/g, '.');
const ALL = new Uint8Array(SIZE * SIZE).fill(1);

describe('matchSlices', () => {
  it('finds what looks alike where it has moved to', () => {
    const target = grid(SECOND);
    const votes = matchSlices(target, grid(FIRST), labeled(FIRST, 'o'), 1, ALL);
    const shares = votes.foreground.map((value, i) => value / (votes.weights[i] || 1));
    expect(draw(shares, target)).toBe(clean(SECOND));
  });

  it('of two that look alike the nearer one counts', () => {
    const source = 'o....y....';
    const labels = labeled(source, 'o');
    const votes = matchSlices(grid('oo........'), grid('o....o....'), labels, 1, ALL);
    expect(votes.foreground[0] / votes.weights[0]).toBeGreaterThan(0.9);
  });

  it('asks only where an answer is wanted', () => {
    const near = withinReach([labeled('o...........', 'o')], SIZE);
    expect([...near.subarray(0, SIZE)]).toEqual([1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
    const votes = matchSlices(grid(FIRST), grid(FIRST), labeled(FIRST, 'o'), 1, near.fill(0));
    expect(votes.weights.some(Boolean)).toBe(false);
  });

  it('carries over every cell of a token', () => {
    const labels = new Float32Array(SIZE * SIZE * 4);
    labels.set([1, 0, 1, 0], 0);
    const votes = matchSlices(grid('o.......'), grid('o.......'), labels, 1, ALL);
    expect(Array.from(votes.foreground.subarray(0, 4), v => v / votes.weights[0] > 0.5)).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('walk', () => {
  const grids = new Map([FIRST, SECOND, THIRD].map((drawing, index) => [index, grid(drawing)]));
  const gridOf = (index: number) => grids.get(index)!;

  it('goes from slice to slice, farther than one step reaches', async () => {
    const far = ['o...........', '.....o......', '..........o.'];
    const carried = await walk(
      index => grid(far[index]),
      new Map([[0, labeled(far[0], 'o')]]),
      [1],
    );
    expect(draw(carried.get(1)!.fromBelow!, grid(far[1]))).toBe(far[1]);
  });

  it('comes from both sides where both are labeled', async () => {
    const labels = new Map([
      [0, labeled(FIRST, 'o')],
      [2, labeled(THIRD, 'o')],
    ]);
    const { fromBelow, fromAbove } = (await walk(gridOf, labels, [1])).get(1)!;
    expect(draw(fromBelow!, grids.get(1)!)).toBe(clean(SECOND));
    expect(draw(fromAbove!, grids.get(1)!)).toBe(clean(SECOND));
  });

  it('tells what it has so far, from one side first', async () => {
    const labels = new Map([
      [0, labeled(FIRST, 'o')],
      [2, labeled(THIRD, 'o')],
    ]);
    const told: string[] = [];
    await walk(gridOf, labels, [1], {
      onCarried: (index, { fromBelow, fromAbove }) =>
        void told.push(`${index}: ${fromBelow ? 'below' : ''} ${fromAbove ? 'above' : ''}`),
    });
    expect(told).toEqual(['1: below ', '1: below above']);
  });

  it('comes from one side beyond the last labeled slice', async () => {
    const carried = await walk(gridOf, new Map([[0, labeled(FIRST, 'o')]]), [1, 2]);
    expect(carried.get(2)!.fromAbove).toBeNull();
    expect(draw(carried.get(2)!.fromBelow!, grids.get(2)!)).toBe(clean(THIRD));
  });

  it('asks for no more than two slices between outlines at a time, and says how far it is', async () => {
    const labels = new Map([
      [0, labeled(FIRST, 'o')],
      [3, labeled(THIRD, 'o')],
    ]);
    const asked: number[] = [];
    const told: string[] = [];
    const drawings = [FIRST, SECOND, SECOND, THIRD];
    await walk(
      index => {
        if (!labels.has(index)) asked.push(index);
        return grid(drawings[index]);
      },
      labels,
      [1, 2],
      { onSlice: (way, done) => void told.push(`${way}: ${done}`) },
    );
    expect(asked).toEqual([1, 2, 1, 2, 1, 2]);
    expect(told).toEqual(['0: 0', '0: 1', '1: 0', '1: 1']);
  });

  it('can be stopped', async () => {
    const stop = () => {
      throw new Error('stopped');
    };
    const labels = new Map([[0, labeled(FIRST, 'o')]]);
    await expect(walk(gridOf, labels, [1, 2], { onSlice: stop })).rejects.toThrow('stopped');
  });
});

describe('carryBetween', () => {
  const token = (value: number) => Float32Array.of(value);
  const labels = new Map([[0, token(1)]]);

  it('takes the mean of both sides, an outline counting as what is carried', () => {
    const carried = new Map([[2, { fromBelow: token(0.5), fromAbove: null }]]);
    carryBetween([1], carried, labels);
    expect(carried.get(1)).toEqual({ fromBelow: token(0.75), fromAbove: null });
  });

  it('keeps both ways apart', () => {
    const both = new Map([...labels, [4, token(0)]]);
    const carried = new Map([
      [1, { fromBelow: token(0.75), fromAbove: token(0.5) }],
      [3, { fromBelow: token(0.25), fromAbove: token(0) }],
    ]);
    carryBetween([2], carried, both);
    expect(carried.get(2)).toEqual({ fromBelow: token(0.5), fromAbove: token(0.25) });
  });
});
