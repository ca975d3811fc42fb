/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** From outlines to masks inside one volume, with the real encoder. */
import { kernelMatcher, kernelProducts } from '../../../test/parity/kernelDecoders';
import { realEncoder } from '../../../test/parity/realModel';
import { plainSlices } from '../../../test/parity/plainSlices';
import { MemoryCache } from '../cache/memoryCache';
import type { PropagatedSlice } from '../job/job';
import type { ContextParts } from './settings';
import type { Mask, Slice } from '../image/slice';
import { countOverlap, dice } from '../image/overlap';
import type { MethodJob } from '../job/method';
import type { ImageEncoder } from '../sam/imageEncoder';
import { context, contextFast, contextWith } from './context';
import { ALL } from './settings';

const SIDE = 96;

interface Disk {
  row: number;
  column: number;
  radius: number;
}

/** Bright disks on a dark, slightly uneven ground, in any units. */
function slice(index: number, disks: Disk[], scale = 1): { slice: Slice; mask: Mask } {
  const mask = Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
    disks.some(
      ({ row, column, radius }) =>
        Math.hypot(Math.floor(i / SIDE) - row, (i % SIDE) - column) <= radius,
    )
      ? 1
      : 0,
  );
  const pixels = Float32Array.from(
    mask,
    (inside, i) => scale * (60 + 90 * inside + 8 * Math.sin(i * i)),
  );
  const grid = { rows: SIDE, columns: SIDE, rowSpacing: 1, columnSpacing: 1 };
  // Pixels tell slices apart in the cache, too: the name must.
  const identity = `context ${scale} ${index} ${JSON.stringify(disks)}`;
  return { slice: { ...grid, pixels, index, identity }, mask };
}

/** Of some slices, every second is outlined, the others are wanted. @param count how many slices there are */
function study(disksOf: (index: number) => Disk[], { scale = 1, count = 5 } = {}) {
  const all = Array.from({ length: count }, (_, index) => slice(index, disksOf(index), scale));
  const indices = [...all.keys()];
  const job: MethodJob = {
    slices: all.map(one => one.slice),
    labels: new Map(indices.filter(i => i % 2 === 0).map(index => [index, all[index].mask])),
    targets: indices.filter(i => i % 2 === 1),
    window: { kind: 'percentile', low: 0.5, high: 99.5 },
  };
  return { job, truth: (index: number) => all[index].mask };
}

/** For thin structures, which the encoder sees at 1024 pixels: each slice takes seconds. */
const FEW = { count: 3 };

let encoder: ImageEncoder;
let parts: ContextParts;
beforeAll(async () => {
  encoder = await realEncoder();
  const cache = new MemoryCache(256 * 2 ** 20);
  const products = await kernelProducts();
  const match = await kernelMatcher();
  parts = { encoder, modelSha256: 'test', weights: new Map(), cache, products, match };
});
afterAll(() => encoder.dispose());

async function diceOf({ job, truth }: ReturnType<typeof study>): Promise<number[]> {
  const { slices } = await context(job, parts);
  return slices.map(({ index, mask }) => dice(countOverlap(mask, truth(index))));
}

const moving = study(index => [{ row: 40, column: 36 + 4 * index, radius: 14 }]);

describe('context', () => {
  it('follows a structure, says how sure it is, and is the same twice', async () => {
    const drawn = new Map([...moving.job.labels].map(([index, mask]) => [index, mask.slice()]));
    const first = await context(moving.job, parts);
    expect(first.slices.map(({ index }) => index)).toEqual([1, 3]);
    for (const { index, mask, probability, confidence } of first.slices) {
      expect(dice(countOverlap(mask, moving.truth(index)))).toBeGreaterThan(0.93);
      expect(probability().every(p => p >= 0 && p <= 1)).toBe(true);
      expect(confidence).toBeGreaterThan(0.8);
      expect(confidence).toBeLessThanOrEqual(1);
    }
    expect(first.expectedDice).toBeGreaterThan(0.8);
    expect(moving.job.labels).toEqual(drawn);
    const second = await context(moving.job, parts);
    expect(second.embeddingsFromCache).toBe(5);
    expect(plainSlices(second.slices)).toEqual(plainSlices(first.slices));
  }, 120_000);

  it('encodes nothing again when it goes on from a run with other outlines', async () => {
    const { continuation } = await context(moving.job, parts);
    const corrected = slice(1, [{ row: 40, column: 40, radius: 15 }]).mask;
    const job: MethodJob = {
      ...moving.job,
      slices: moving.job.slices.slice(0, 4),
      labels: new Map([...[0, 2].map(i => [i, moving.truth(i)] as const), [1, corrected]]),
      targets: [3],
    };
    const further = await context({ ...job, continues: continuation }, parts);
    expect(further.embeddingsFromCache).toBe(4);
    expect(dice(countOverlap(further.slices[0].mask, moving.truth(3)))).toBeGreaterThan(0.9);
    expect(further.continuation).toEqual(continuation);
    expect(continuation!.encoderSize).toBe(448);
    // Also where what is outlined now is thinner.
    const ring = corrected.map((inside, i) => (moving.truth(1)[i] ? 0 : inside));
    const thin = { ...job, labels: new Map([...job.labels, [1, ring]]), continues: continuation };
    expect((await context(thin, parts)).embeddingsFromCache).toBe(4);
    // By itself, or in a window of its own, it sees other squares of the slices.
    const anew = await context(job, parts);
    expect(anew.embeddingsFromCache).toBe(0);
    const asked = { kind: 'clip', low: 0, high: 200 } as const;
    const other = await context({ ...job, continues: { ...continuation!, asked } }, parts);
    expect(other.continuation).toEqual(anew.continuation);
  }, 120_000);

  it('finds a structure at the border of the image', async () => {
    const border = study(index => [{ row: 2, column: 30 + 3 * index, radius: 12 }], FEW);
    for (const value of await diceOf(border)) expect(value).toBeGreaterThan(0.9);
  }, 120_000);

  it('finds a structure of a few pixels', async () => {
    const small = study(index => [{ row: 50, column: 50 + index, radius: 1.5 }], FEW);
    for (const value of await diceOf(small)) expect(value).toBeGreaterThan(0.6);
  }, 120_000);

  it('finds two parts that lie far apart', async () => {
    const two = study(
      index => [
        { row: 14, column: 14 + index, radius: 8 },
        { row: 80, column: 80 - index, radius: 8 },
      ],
      FEW,
    );
    for (const value of await diceOf(two)) expect(value).toBeGreaterThan(0.85);
  }, 120_000);

  it('reads intensities of 16 bits with outliers, and slices ten times as far apart as pixels', async () => {
    const mr = study(index => [{ row: 40, column: 36 + 4 * index, radius: 14 }], {
      scale: 200,
    });
    mr.job.slices.forEach(({ pixels }) => (pixels[5] = 65535));
    for (const value of await diceOf({ ...mr, job: { ...mr.job, sliceSpacing: 10 } })) {
      expect(value).toBeGreaterThan(0.93);
    }
  }, 120_000);

  it('ends where a slice is labeled as empty', async () => {
    const ending = study(index => (index < 3 ? [{ row: 40, column: 36, radius: 14 }] : []));
    ending.job.labels.set(1, ending.truth(1)).delete(2);
    const job = { ...ending.job, targets: [2, 3] };
    expect(job.labels.get(4)!.includes(1)).toBe(false);
    const { slices, expectedDice } = await context(job, parts);
    expect(dice(countOverlap(slices[0].mask, ending.truth(2)))).toBeGreaterThan(0.9);
    expect(slices[1].mask.includes(1)).toBe(false);
    expect(expectedDice).toBeGreaterThan(0.5);
  }, 120_000);

  it('encodes half as many slices when it is to be fast, and finds nearly the same', async () => {
    const all = Array.from({ length: 9 }, (_, index) =>
      slice(index, [{ row: 40, column: 30 + 2 * index, radius: 14 }]),
    );
    const job: MethodJob = {
      slices: all.map(one => one.slice),
      labels: new Map([0, 8].map(index => [index, all[index].mask])),
      targets: [1, 2, 3, 4, 5, 6, 7],
      window: { kind: 'percentile', low: 0.5, high: 99.5 },
    };
    const encode = jest.spyOn(parts.encoder, 'encode');
    const { slices } = await contextFast(job, { ...parts, cache: undefined });
    expect(encode).toHaveBeenCalledTimes(5);
    encode.mockRestore();
    for (const { index, mask } of slices) {
      expect(dice(countOverlap(mask, all[index].mask))).toBeGreaterThan(0.93);
    }
  }, 120_000);

  it('looks again at thin structures, and is the same twice', async () => {
    const once = contextWith({ ...ALL, rematches: false });
    // Two thin struts that move apart and bend.
    const struts = Array.from({ length: 4 }, (_, index) =>
      slice(
        index,
        Array.from({ length: 60 }, (_, i) => ({
          row: 18 + i,
          column: 48 + (i % 2 ? 1 : -1) * (8 + 3 * index) + 4 * Math.sin((i + 4 * index) / 9),
          radius: 1.5,
        })),
      ),
    );
    const job: MethodJob = {
      slices: struts.map(one => one.slice),
      labels: new Map([0, 3].map(index => [index, struts[index].mask])),
      targets: [1, 2],
      window: { kind: 'percentile', low: 0.5, high: 99.5 },
    };
    const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    const diceIn = (slices: PropagatedSlice[]) =>
      mean(slices.map(({ index, mask }) => dice(countOverlap(mask, struts[index].mask))));
    const [first, again] = [await once(job, parts), await context(job, parts)];
    expect(first.continuation!.encoderSize).toBe(1024);
    expect(plainSlices(again.slices)).not.toEqual(plainSlices(first.slices));
    expect(diceIn(again.slices)).toBeGreaterThan(diceIn(first.slices) - 0.01);
    expect(plainSlices((await context(job, parts)).slices)).toEqual(plainSlices(again.slices));
  }, 240_000);

  it('leaves slices far beyond the outermost outlines empty, without a confidence', async () => {
    const far = slice(40, []);
    const { slices } = await context(
      { ...moving.job, slices: [...moving.job.slices, far.slice], targets: [1, 3, 40] },
      parts,
    );
    expect(slices[2].mask.includes(1)).toBe(false);
    expect(slices[2].confidence).toBeUndefined();
  }, 120_000);

  it.each<[string, Partial<MethodJob>, string]>([
    ['one outline', { labels: new Map([[0, moving.truth(0)]]) }, 'Only one slice is outlined.'],
    [
      'another study',
      { test: { slices: [], window: moving.job.window } },
      'The method context needs outlines in the study to segment.',
    ],
  ])('refuses %s', async (_, wrong, message) => {
    await expect(context({ ...moving.job, ...wrong }, parts)).rejects.toMatchObject({
      code: 'bad-input',
      message,
    });
  });

  it('refuses when all wanted slices lie far beyond', async () => {
    const { slice: far } = slice(40, []);
    const job = { ...moving.job, slices: [...moving.job.slices, far], targets: [40] };
    await expect(context(job, parts)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('beyond the outermost outline'),
    });
  });

  it('tells of each gap between outlines when it is done, the shortest first, and needs its pixels no more', async () => {
    const all = Array.from({ length: 6 }, (_, index) =>
      slice(index, [{ row: 40, column: 30 + 2 * index, radius: 14 }]),
    );
    const job: MethodJob = {
      slices: all.map(one => one.slice),
      labels: new Map([0, 3, 5].map(index => [index, all[index].mask])),
      targets: [1, 2, 4],
      window: { kind: 'percentile', low: 0.5, high: 99.5 },
    };
    const told: PropagatedSlice[] = [];
    const onSlices = (slices: PropagatedSlice[]) => told.push(...slices);
    const { slices } = await context(job, parts, { onSlices });
    expect(told.map(({ index }) => index)).toEqual([4, 1, 2]);
    const ascending = [...told].sort((a, b) => a.index - b.index);
    expect(plainSlices(ascending)).toEqual(plainSlices(slices));

    // Five seconds pass between any two looks at the clock.
    let clock = 0;
    const now = jest.spyOn(performance, 'now').mockImplementation(() => (clock += 5000));
    const glimpses: PropagatedSlice[] = [];
    await context(job, parts, { onPreview: one => glimpses.push(one) });
    now.mockRestore();
    expect(glimpses.map(({ index }) => index)).toEqual([4, 4, 1, 2, 2, 1]);
    for (const { index, mask, confidence } of glimpses) {
      expect(dice(countOverlap(mask, all[index].mask))).toBeGreaterThan(0.8);
      expect(confidence).toBeUndefined();
    }

    const finished: number[] = [];
    const letGo = (done: readonly Slice[]) => {
      for (const one of done) {
        finished.push(one.index);
        one.pixels = new Float32Array(0);
      }
    };
    const again = await context(job, parts, { onFinished: letGo });
    expect(finished).toEqual([0, 3, 5, 4, 1, 2]);
    expect(plainSlices(again.slices)).toEqual(plainSlices(slices));
  }, 120_000);

  it('can be cancelled', async () => {
    const stop = new AbortController();
    const running = context(moving.job, parts, {
      signal: stop.signal,
      onProgress: ({ phase }) => phase === 'propagate' && stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
  }, 120_000);
});
