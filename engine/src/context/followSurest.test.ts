/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
import { kernelMatcher, kernelProducts } from '../../../test/parity/kernelDecoders';
import { realEncoder } from '../../../test/parity/realModel';
import { FewshotError } from '../platform/errors';
import type { PropagatedSlice } from '../job/job';
import type { Mask, Slice } from '../image/slice';
import { countOverlap, dice } from '../image/overlap';
import type { ImageEncoder } from '../sam/imageEncoder';
import { followSurest, surest } from './followSurest';

/** A slice of 4 pixels on which so many are found, with that probability. */
function found(index: number, pixels: number, probability: number): PropagatedSlice {
  const values = Float32Array.from({ length: 4 }, (_, i) => (i < pixels ? probability : 0));
  return {
    index,
    mask: Uint8Array.from(values, p => (p > 0.5 ? 1 : 0)),
    probability: () => values,
  };
}

describe('surest', () => {
  const indices = (slices: PropagatedSlice[]) => surest(slices).map(({ index }) => index);

  it('are the surest slices that lie apart', () => {
    const certainties = [0.9, 0.99, 0.98, 0.6, 0.6, 0.7, 0.97, 0.6, 0.6, 0.6, 0.95, 0.9];
    expect(indices(certainties.map((p, index) => found(index, 4, p)))).toEqual([1, 6, 10]);
  });

  it('show the structure, and not much less of it than others do', () => {
    expect(indices([found(0, 4, 0.9), found(2, 0, 0), found(4, 1, 1), found(6, 4, 0.9)])).toEqual([
      0, 6,
    ]);
    expect(surest([found(0, 0, 0)])).toEqual([]);
  });
});

describe('followSurest', () => {
  const SIDE = 96;
  const study = [0, 1, 2, 3, 4, 5].map(index => {
    const mask: Mask = Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
      Math.hypot(Math.floor(i / SIDE) - 40, (i % SIDE) - 30 - 3 * index) < 14 ? 1 : 0,
    );
    const pixels = Float32Array.from(mask, (inside, i) => 60 + 90 * inside + 8 * Math.sin(i * i));
    const grid = { rows: SIDE, columns: SIDE, rowSpacing: 1, columnSpacing: 1 };
    const slice: Slice = { ...grid, pixels, index, identity: `follow ${index}` };
    return { slice, mask };
  });
  const sure = (mask: Mask) => Float32Array.from(mask, inside => (inside ? 0.98 : 0.01));
  const window = { kind: 'clip', low: 0, high: 200 } as const;

  it('finds on other slices what was missed there, and leaves the surest alone', async () => {
    const encoder = await realEncoder();
    const parts = {
      encoder,
      modelSha256: 'test',
      weights: new Map(),
      products: await kernelProducts(),
      match: await kernelMatcher(),
    };
    // Slices 2 and 3 missed the structure, and doubt it.
    const segmented = study.map(({ mask }, index) => {
      const missed = index === 2 || index === 3;
      const probability = missed ? sure(mask).map(p => p / 4) : sure(mask);
      const own = Uint8Array.from(probability, p => (p > 0.5 ? 1 : 0));
      return { index, mask: own, probability: () => probability };
    });
    const slices = study.map(({ slice }) => slice);
    const followed = await followSurest(segmented, { slices, window }, parts);
    await encoder.dispose();
    expect(followed.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    for (const { index, mask } of followed) {
      expect(dice(countOverlap(mask, study[index].mask))).toBeGreaterThan(0.9);
    }
    for (const shot of surest(segmented)) expect(followed[shot.index]).toBe(shot);
  }, 120_000);

  it('says so where the encoder fails, and leaves all as it is where there is nothing to follow', async () => {
    const segmented = study.map(({ mask }, index) => {
      const probability = sure(mask);
      return { index, mask, probability: () => probability };
    });
    const slices = study.map(({ slice }) => slice);
    const follow = (error: unknown) => {
      const encoder: ImageEncoder = {
        device: 'test',
        encode: () => Promise.reject(error),
        dispose: async () => undefined,
      };
      const parts = { encoder, modelSha256: 'test', weights: new Map() };
      return followSurest(segmented, { slices, window }, parts);
    };
    for (const code of ['gpu-lost', 'bad-result'] as const) {
      const error = new FewshotError(code, 'The GPU stopped.', '');
      await expect(follow(error)).rejects.toBe(error);
    }
    const nowhere = segmented.map(slice => ({ ...slice, index: slice.index + 100 }));
    const parts = { encoder: {}, weights: new Map() } as Parameters<typeof followSurest>[2];
    expect(await followSurest(nowhere, { slices, window }, parts)).toEqual(nowhere);
  });

  it('leaves everything as it is where nothing is sure', async () => {
    const segmented = [found(0, 4, 0.6), found(1, 0, 0)];
    const parts = {} as Parameters<typeof followSurest>[2];
    expect(await followSurest(segmented, { slices: [], window }, parts)).toEqual(segmented);
  });
});
