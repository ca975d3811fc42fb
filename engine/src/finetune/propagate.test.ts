/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Segments slices from drawn ones, with the real encoder and decoder. */
import { kernelDecoders } from '../../../test/parity/kernelDecoders';
import { decoderWeights, realEncoder } from '../../../test/parity/realModel';
import { plainSlices } from '../../../test/parity/plainSlices';
import { MemoryCache } from '../cache/memoryCache';
import type { Mask, Slice } from '../image/slice';
import type { Progress } from '../platform/progress';
import type { ImageEncoder } from '../sam/imageEncoder';
import type { Weights } from '../sam/weights';
import type { DecoderEngine } from './decoderEngine';
import type { FewshotJob, FewshotResult } from '../job/job';
import { propagate } from './propagate';
import type { FinetuneParts } from './decoderEngine';

const [ROWS, COLUMNS] = [48, 64];

/** A disk that moves to the right from slice to slice. */
const isInside = (index: number, row: number, column: number) =>
  Math.hypot(row - 24, column - 20 - 5 * index) < 11;

function disk(index: number): { slice: Slice; mask: Mask } {
  const mask = Uint8Array.from({ length: ROWS * COLUMNS }, (_, i) =>
    isInside(index, Math.floor(i / COLUMNS), i % COLUMNS) ? 1 : 0,
  );
  const pixels = Float32Array.from(mask, (value, i) => 60 + 100 * value + 10 * Math.sin(i * i));
  const grid = { rows: ROWS, columns: COLUMNS, rowSpacing: 1, columnSpacing: 1 };
  return { slice: { pixels, ...grid, index, identity: `disk ${index}` }, mask };
}

const DISKS = [0, 1, 2, 3].map(disk);

/** Slices 0, 1 and 3 are drawn; slices 1 and 2 are targets. */
function job(change: Partial<FewshotJob> = {}): FewshotJob {
  return {
    slices: DISKS.map(({ slice }) => slice),
    labels: new Map([0, 1, 3].map(index => [index, DISKS[index].mask])),
    targets: [1, 2],
    window: { kind: 'clip', low: 0, high: 200 },
    iterations: 6,
    ...change,
  };
}

describe('propagate', () => {
  let encoder: ImageEncoder;
  let weights: Weights;
  let decoders: DecoderEngine;
  let open: () => number;
  let first: FewshotResult;
  const cache = new MemoryCache(64 * 2 ** 20);
  const parts = (change: Partial<FinetuneParts> = {}): FinetuneParts => ({
    encoder,
    modelSha256: 'of MobileSAM',
    weights,
    decoders,
    cache,
    ...change,
  });

  beforeAll(async () => {
    ({ decoders, open } = await kernelDecoders());
    weights = await decoderWeights();
    encoder = await realEncoder();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => encoder.dispose());

  it('segments a drawn disk, and frees its memory', async () => {
    const reports: Progress[] = [];
    first = await propagate(job(), parts(), { onProgress: report => reports.push(report) });

    expect(first.slices.map(({ index }) => index)).toEqual([2]); // Slice 1 is drawn.
    const [{ mask, probability }] = first.slices;
    let [intersection, union] = [0, 0];
    DISKS[2].mask.forEach((drawn, i) => {
      if (drawn && mask[i]) intersection++;
      if (drawn || mask[i]) union++;
    });
    expect(intersection / union).toBeGreaterThan(0.8);
    expect([...mask]).toEqual(Array.from(probability(), value => (value > 0.5 ? 1 : 0)));

    expect(first.iterations).toBe(6);
    expect(first.losses.length).toBe(6);
    expect(first.embeddingsFromCache).toBe(0);
    expect(Object.values(first.seconds).every(seconds => seconds > 0)).toBe(true);
    expect(reports.map(({ phase, done, total }) => `${phase} ${done}/${total}`)).toEqual([
      ...['encode 0/3', 'encode 1/3', 'encode 2/3', 'encode 3/3'],
      ...[0, 1, 2, 3, 4, 5, 6].map(done => `fit ${done}/6`),
      ...['propagate 0/1', 'propagate 1/1'],
    ]);
    expect(open()).toBe(0);
  }, 120_000);

  it('reads the embeddings of a second run from the cache, with the same result', async () => {
    const encode = jest.spyOn(encoder, 'encode');
    const slices = job().slices.map(slice => ({ ...slice }));
    const letGo = (finished: readonly Slice[]) => {
      for (const slice of finished) slice.pixels = new Float32Array(0);
    };
    const again = await propagate({ ...job(), slices }, parts(), { onFinished: letGo });
    expect(slices.every(({ pixels }) => pixels.length === 0)).toBe(true);
    expect(encode).not.toHaveBeenCalled();
    expect(again.embeddingsFromCache).toBe(4);
    expect(plainSlices(again.slices)).toEqual(plainSlices(first.slices));
    expect(again.losses).toEqual(first.losses);
  }, 120_000);

  it('trains the weights of an earlier run further, unless the window differs', async () => {
    const { continuation, losses } = first;
    const further = await propagate(job({ iterations: 3, continues: continuation }), parts());
    further.losses.forEach((loss, i) => expect(loss).toBeLessThan(losses[i]));
    // With half the updates it gets further than the run before.
    expect(further.losses.at(-1)).toBeLessThan(losses.at(-1)!);
    expect(further.embeddingsFromCache).toBe(4);

    const asked = { kind: 'percentile', low: 0.5, high: 99.5 } as const;
    const anew = job({ iterations: 2, continues: { ...continuation!, asked } });
    expect((await propagate(anew, parts())).losses).toEqual(losses.slice(0, 2));
  }, 120_000);

  it.each<[string, Partial<FewshotJob>, Partial<FinetuneParts>]>([
    ['the window differs', { window: { kind: 'clip', low: 0, high: 300 } }, {}],
    ['the encoder differs', {}, { modelSha256: 'of another model' }],
    ['there is no cache', {}, { cache: undefined }],
  ])('encodes anew when %s', async (_, change, otherParts) => {
    const encode = jest.spyOn(encoder, 'encode');
    const controller = new AbortController();
    const running = propagate(job(change), parts(otherParts), {
      signal: controller.signal,
      onProgress: ({ phase, done }) => {
        if (phase === 'encode' && done === 1) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(encode).toHaveBeenCalledTimes(1);
  });

  // Without learning, SAM's decoder finds nothing here.
  it.each([
    ['finds the structure nowhere', 1, 'The structure was found on none of the 1 slices.'],
    ['labels every pixel', -1, 'Every pixel of all 1 slices was labeled.'],
  ])('fails with bad-result when it %s', async (_, sign, message) => {
    const running = propagate(job({ iterations: 0 }), parts({ weights: times(sign, weights) }));
    await expect(running).rejects.toMatchObject({ code: 'bad-result', message });
  });

  it.each<[Progress['phase'], number, number]>([
    ['encode', 1, 2],
    ['fit', 1, 2],
    ['propagate', 0, 0],
  ])('stops in phase %s when cancelled, and frees its memory', async (phase, when, iterations) => {
    const controller = new AbortController();
    const reports: Progress[] = [];
    const running = propagate(job({ iterations }), parts(), {
      signal: controller.signal,
      onProgress: report => {
        reports.push(report);
        if (report.phase === phase && report.done === when) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(reports.at(-1)).toMatchObject({ phase, done: when });
    expect(open()).toBe(0);
  });

  it('rejects a bad job before computing anything', async () => {
    const reports: Progress[] = [];
    const running = propagate(job({ targets: [0, 1] }), parts(), {
      onProgress: report => reports.push(report),
    });
    await expect(running).rejects.toMatchObject({ code: 'bad-input' });
    expect(reports).toEqual([]);
  });
});

/** Weights of a decoder whose first prediction is `sign` times SAM's. */
function times(sign: number, weights: Weights): Weights {
  const result: Weights = new Map(weights);
  for (const part of ['weight', 'bias']) {
    const name = `mask_decoder.output_hypernetworks_mlps.1.layers.2.${part}`;
    const { shape, data } = weights.get(name)!;
    result.set(name, { shape, data: data.map(value => sign * value) });
  }
  return result;
}
