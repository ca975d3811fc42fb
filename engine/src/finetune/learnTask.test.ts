/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Learns from one study and segments another, with the real encoder and decoder. */
import { kernelDecoders } from '../../../test/parity/kernelDecoders';
import { coarseEncoder, decoderWeights, realEncoder } from '../../../test/parity/realModel';
import { plainSlices } from '../../../test/parity/plainSlices';
import { MemoryCache } from '../cache/memoryCache';
import type { Mask, Slice } from '../image/slice';
import { paper } from './paper';
import { countOverlap, dice } from '../image/overlap';
import type { Progress } from '../platform/progress';
import type { ImageEncoder } from '../sam/imageEncoder';
import type { Weights } from '../sam/weights';
import { applyTask } from './applyTask';
import type { DecoderEngine } from './decoderEngine';
import { encodeExamples, parseExamples, sliceCount } from './examples';
import { learnTask, type LabeledStudy, type LearnedTask, type LearnSettings } from './learnTask';
import { propagate } from './propagate';
import type { FinetuneParts } from './decoderEngine';
import { encodeTask, parseTask } from './taskFile';

/** A bright disk in a gray body; sizes are in mm, so that studies of any grid show the same. */
function drawn(index: number, spacing: number, rows: number, columns: number, brightness: number) {
  const mask: Mask = new Uint8Array(rows * columns);
  const pixels = Float32Array.from({ length: rows * columns }, (_, i) => {
    const y = (Math.floor(i / columns) + 0.5 - rows / 2) * spacing;
    const x = ((i % columns) + 0.5 - columns / 2) * spacing;
    if (Math.hypot(y, x - 4 - index) < 9) mask[i] = 1;
    const isBody = Math.hypot(y, x) < 28;
    return (mask[i] ? brightness : isBody ? 70 : 0) + 8 * Math.sin(i * i);
  });
  const grid = { rows, columns, rowSpacing: spacing, columnSpacing: spacing };
  const slice: Slice = { pixels, ...grid, index, identity: `disk ${index} ${spacing}` };
  return { slice, mask };
}

const KNOWN = [0, 1, 2].map(index => drawn(index, 1, 64, 64, 160));
/** Finer pixels, a wider, non-square field of view, another brightness. */
const OTHER = [0, 1].map(index => drawn(index, 0.5, 160, 200, 145));

const WINDOW = { kind: 'clip', low: 0, high: 200 } as const;
/** Two of its three slices are labeled. */
const STUDY: LabeledStudy = {
  slices: KNOWN.map(({ slice }) => slice),
  labels: new Map([KNOWN[0], KNOWN[2]].map(({ slice, mask }) => [slice.index, mask])),
  window: WINDOW,
  axis: 'axial',
};
const SETTINGS: LearnSettings = {
  name: 'disk',
  modelId: 'mobile-sam',
  encoderSize: 448,
  iterations: 8,
  copies: 1,
};

describe('a task', () => {
  let encoder: ImageEncoder;
  let weights: Weights;
  let decoders: DecoderEngine;
  let open: () => number;
  const cache = new MemoryCache(256 * 2 ** 20);
  /** Learned once, for all tests that only need a task for the disk. */
  let known: Promise<LearnedTask> | undefined;
  const reports: Progress[] = [];
  const knownTask = () =>
    (known ??= learnTask([STUDY], SETTINGS, parts(), {
      onProgress: report => reports.push(report),
    }));
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
  afterAll(() => encoder.dispose());

  it('learns from single images in color, and covers a larger one with tiles', async () => {
    const image = ({ slice, mask }: ReturnType<typeof drawn>): LabeledStudy => {
      const [red, green, blue] = [1, 0.6, 0.8].map(share => slice.pixels.map(v => share * v));
      return {
        slices: [{ ...slice, color: [red, green, blue], identity: `color ${slice.identity}` }],
        labels: new Map([[slice.index, mask]]),
        window: WINDOW,
        axis: 'axial',
      };
    };
    const known = [drawn(0, 1, 64, 64, 160), drawn(2, 1, 60, 50, 160)].map(image);
    const learned = await learnTask(known, { ...SETTINGS, images: true }, parts());
    expect(learned.task.metadata).toMatchObject({ tiled: true, fieldOfViewMm: 64, studies: 2 });
    const read = parseTask(encodeTask(learned.task), weights);
    expect(read.metadata.tiled).toBe(true);
    const wide = drawn(1, 1, 64, 100, 160);
    const { slices } = await applyTask(read, image(wide), parts());
    expect(slices[0].mask).toHaveLength(6400);
    expect(dice(countOverlap(slices[0].mask, wide.mask))).toBeGreaterThan(0.7);
  }, 240_000);

  it('segments another study, also when read from a file', async () => {
    const { task, losses } = await knownTask();
    expect(losses.length).toBe(8);
    expect(task.metadata).toMatchObject({
      name: 'disk',
      shots: 2,
      spacingMm: [1, 1],
      window: WINDOW,
      model: { id: 'mobile-sam', sha256: 'of MobileSAM' },
      encoderSize: 448,
    });
    expect(task.targetEmbeddings.length).toBe(2 * 256); // No prompts of the copies.
    const steps = reports.map(({ phase, done, total }) => `${phase} ${done}/${total}`);
    expect(steps).toContain('encode 4/4');
    expect(steps.at(-1)).toBe('fit 8/8');

    const study = { slices: OTHER.map(({ slice }) => slice) };
    const applied = await applyTask(task, study, parts());
    expect(applied.slices.map(({ index }) => index)).toEqual([0, 1]);
    OTHER.forEach(({ mask }, i) => {
      let [intersection, union] = [0, 0];
      mask.forEach((truth, pixel) => {
        const found = applied.slices[i].mask[pixel];
        if (truth && found) intersection++;
        if (truth || found) union++;
      });
      expect(intersection / union).toBeGreaterThan(0.8);
    });

    const read = parseTask(encodeTask(task), weights);
    const again = await applyTask(read, study, parts());
    expect(plainSlices(again.slices)).toEqual(plainSlices(applied.slices));
    expect(again.embeddingsFromCache).toBe(2);
    expect(open()).toBe(0);
  }, 240_000);

  it('is used by the method `paper` for another study, not within one', async () => {
    // At 1024 pixels, for which this encoder stands in.
    const coarse = await coarseEncoder();
    const job = {
      slices: [...STUDY.slices],
      labels: new Map(STUDY.labels),
      window: WINDOW,
      iterations: 2,
    };
    const across = await paper(
      { ...job, targets: [0], test: { slices: OTHER.map(o => o.slice), window: WINDOW } },
      parts({ encoder: coarse }),
    );
    // Slice 0 is labeled in the first study only.
    expect(across.slices.map(({ index }) => index)).toEqual([0]);
    expect(across.slices[0].mask.length).toBe(160 * 200);
    expect(across.iterations).toBe(2);

    const within = await paper({ ...job, targets: [1] }, parts({ encoder: coarse }));
    const propagated = await propagate({ ...job, targets: [1] }, parts({ encoder: coarse }));
    await coarse.dispose();
    expect(plainSlices(within.slices)).toEqual(plainSlices(propagated.slices));
  }, 240_000);

  it('learns from several studies, including slices without the structure', async () => {
    const [first, second] = [KNOWN[0], OTHER[1]];
    const absent = { ...KNOWN[2].slice, identity: 'absent' };
    absent.pixels = absent.pixels.map((value, i) => (KNOWN[2].mask[i] ? value - 90 : value));
    const studies: LabeledStudy[] = [
      {
        ...STUDY,
        slices: [first.slice, absent],
        labels: new Map([
          [0, first.mask],
          [2, new Uint8Array(first.mask.length)],
        ]),
      },
      { ...STUDY, slices: [second.slice], labels: new Map([[1, second.mask]]) },
    ];
    const { task, losses } = await learnTask(
      studies,
      { ...SETTINGS, iterations: 5, copies: 0 },
      parts(),
    );
    expect(losses.every(Number.isFinite)).toBe(true);
    expect(task.metadata).toMatchObject({ shots: 3, fieldOfViewMm: expect.any(Number) });
    // The view fits into the smaller study; the empty slice gives no prompt.
    expect(task.metadata.fieldOfViewMm).toBeLessThanOrEqual(64);
    expect(task.targetEmbeddings.length).toBe(2 * 256);
  }, 240_000);

  it('learns again when slices of another study are added to its examples', async () => {
    // With fewer updates it finds nothing, and is rejected.
    const brief = { ...SETTINGS, iterations: 3 };
    const first = await learnTask([STUDY], { ...brief, modality: 'MR' }, parts());
    expect(first.task.metadata).toMatchObject({ shots: 2, studies: 1, modality: 'MR' });
    expect(first.examples.items).toHaveLength(4);
    const earlier = parseExamples(encodeExamples(first.examples));

    const [added] = OTHER;
    const other = (mask: Mask): LabeledStudy => ({
      ...STUDY,
      slices: [added.slice],
      labels: new Map([[added.slice.index, mask]]),
    });
    const settings = { ...brief, earlier };
    const { task, examples } = await learnTask([other(added.mask)], settings, parts());
    const { fieldOfViewMm, offsetMm } = first.task.metadata;
    expect(task.metadata).toMatchObject({ shots: 3, studies: 2, fieldOfViewMm, offsetMm });
    expect(task.targetEmbeddings.length).toBe(3 * 256);
    expect(examples.items.map(({ slice, copy }) => `${slice}.${copy}`)).toEqual([
      '0.0',
      '0.1',
      '1.0',
      '1.1',
      '2.0',
      '2.1',
    ]);

    // The first pixel lies in a corner of the wider study, outside the task's field of view.
    const corner = other(Uint8Array.from({ length: 160 * 200 }, (_, i) => Number(i < 4)));
    await expect(learnTask([corner], settings, parts())).rejects.toThrow(
      'On slice 1 the outline lies outside the task',
    );
  }, 400_000);

  it('learns further slices without its earlier examples, and keeps its prompts', async () => {
    const first = await knownTask();
    const imported = parseTask(encodeTask(first.task), weights);
    const other: LabeledStudy = {
      ...STUDY,
      slices: OTHER.map(({ slice }) => slice),
      labels: new Map(OTHER.map(({ slice, mask }) => [slice.index, mask])),
    };
    const settings = { ...SETTINGS, iterations: 4, continues: imported };
    const { task, examples, losses } = await learnTask([other], settings, parts());
    expect(losses[0]).toBeLessThan(first.losses[0]);
    const { fieldOfViewMm, offsetMm } = imported.metadata;
    expect(task.metadata).toMatchObject({ shots: 4, studies: 2, fieldOfViewMm, offsetMm });
    expect(task.metadata.leaveOneOut).toBeNull();
    expect(task.targetEmbeddings.length).toBe(4 * 256);
    expect(task.targetEmbeddings.slice(0, 2 * 256)).toEqual(imported.targetEmbeddings);
    expect(examples.items).toHaveLength(4);

    // It still finds the structure on its earlier slices.
    const known = await applyTask(task, { slices: STUDY.slices }, parts());
    known.slices.forEach(({ mask }, i) => {
      expect(dice(countOverlap(mask, KNOWN[i].mask))).toBeGreaterThan(0.8);
    });

    const more = { ...settings, continues: task, earlier: examples, iterations: 0, copies: 0 };
    const again = await learnTask([other], more, parts());
    expect(again.task.metadata).toMatchObject({ shots: 6, studies: 3 });
    expect(again.task.targetEmbeddings.length).toBe(6 * 256);
    expect(sliceCount(again.examples)).toBe(4);
  }, 240_000);

  it('rejects input it cannot learn from, and another model than its own', async () => {
    await expect(
      learnTask([{ ...STUDY, labels: new Map([[0, KNOWN[0].mask]]) }], SETTINGS, parts()),
    ).rejects.toThrow('Only one slice is outlined.');
    await expect(learnTask([STUDY], { ...SETTINGS, iterations: 1 }, parts())).rejects.toMatchObject(
      {
        code: 'bad-result',
        message: expect.stringContaining('not found on any of the 2 slices'),
      },
    );
    const { task } = await knownTask();
    const apply = (targets: number[], modelSha256: string) =>
      applyTask(task, { slices: [OTHER[0].slice], targets }, parts({ modelSha256 }));
    await expect(apply([0], 'of another')).rejects.toThrow(
      'The task "disk" was learned with another model (mobile-sam, of MobileSAM...)',
    );
    await expect(
      learnTask([STUDY], { ...SETTINGS, continues: task }, parts({ modelSha256: 'of another' })),
    ).rejects.toThrow('was learned with another model');
    await expect(apply([], 'of MobileSAM')).rejects.toThrow('No slice of the study to segment');
    await expect(apply([7], 'of MobileSAM')).rejects.toThrow('Slice 8 is not among');
  }, 240_000);

  it.each(['encode', 'fit'])(
    'stops in the phase %s when it is cancelled',
    async phase => {
      const controller = new AbortController();
      const options = {
        signal: controller.signal,
        onProgress: (report: Progress) => {
          if (report.phase === phase && report.done === 1) controller.abort();
        },
      };
      await expect(learnTask([STUDY], SETTINGS, parts(), options)).rejects.toMatchObject({
        code: 'cancelled',
      });
    },
    240_000,
  );
});
