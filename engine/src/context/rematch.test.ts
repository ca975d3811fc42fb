import { rematch, type RematchParts } from './rematch';
import type { TokenGrid } from './tokenGrid';
import type { LabeledVotes } from './walk';

const SIZE = 8;

/** One row of tokens, drawn with one letter each: equal letters look alike, others do not. */
function grid(drawing: string): TokenGrid {
  const letters = 'ox.';
  const features = new Float32Array(SIZE * SIZE * letters.length);
  [...drawing].forEach((letter, i) => (features[i * letters.length + letters.indexOf(letter)] = 1));
  return {
    size: SIZE,
    features,
    dimensions: letters.length,
    intensities: new Float32Array(SIZE * SIZE * 4),
    rows: 1,
    columns: SIZE,
  };
}

/** Shares of a row of tokens: `o` is the structure. */
const shares = (drawing: string) =>
  Float32Array.from({ length: SIZE * SIZE }, (_, i) => (drawing[i] === 'o' ? 1 : 0));

/** Labeled slices that say nothing, and ask everywhere. */
const silent = (): LabeledVotes => ({
  weights: new Float32Array(SIZE * SIZE),
  foreground: new Float32Array(SIZE * SIZE),
  active: new Uint8Array(SIZE * SIZE).fill(1),
});

const nothing = '........';
const bar = 'xxooxxxx';

/** Three slices that show the same bar, and what was found on them. */
const INDICES = [4, 5, 6];
function parts(found: string[], votes = silent()): RematchParts {
  return {
    labeledVotes: new Map(INDICES.map(index => [index, votes])),
    segmented: index => shares(found[INDICES.indexOf(index)]),
  };
}
const look = async (of: RematchParts) =>
  [...(await rematch(() => grid(bar), INDICES, of)).values()].map(draw);
const draw = (labels: Float32Array) =>
  Array.from(labels.subarray(0, SIZE), share => (share > 0.5 ? 'o' : '.')).join('');
const found = bar.replace(/x/g, '.');

describe('rematch', () => {
  it('fills in what both slices beside it show', async () => {
    // Those at the ends hear from the middle alone, where nothing was found.
    expect(await look(parts([found, nothing, found]))).toEqual([nothing, found, nothing]);
  });

  it('takes away what neither slice beside it shows', async () => {
    expect(await look(parts([nothing, found, nothing]))).toEqual([found, nothing, found]);
  });

  it('changes nothing where all agree', async () => {
    expect(await look(parts([found, found, found]))).toEqual([found, found, found]);
  });

  it('listens to the labeled slices as well', async () => {
    const votes = silent();
    votes.weights.fill(100);
    votes.foreground.set(shares(found).map(share => 100 * share));
    expect(await look(parts([nothing, nothing, nothing], votes))).toEqual([found, found, found]);
  });

  it('of slices beside it the nearer one counts more', async () => {
    const near = await rematch(() => grid(bar), [4, 5, 9], {
      labeledVotes: new Map([4, 5, 9].map(index => [index, silent()])),
      segmented: index => shares(index === 4 ? found : nothing),
    });
    expect(near.get(5)![2]).toBeGreaterThan(0.7);
  });

  it('can be stopped', async () => {
    let asked = 0;
    const onSlice = () => {
      if (++asked === 2) throw new Error('stopped');
    };
    await expect(look({ ...parts([found, found, found]), onSlice })).rejects.toThrow('stopped');
  });
});
