/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** Methods on image tokens, from drawn slices to segmented ones, with the real encoder. */
import { realEncoder } from '../../../test/parity/realModel';
import { plainSlices } from '../../../test/parity/plainSlices';
import { type ImageEncoder, MemoryCache } from 'fewshot-sam/compute';
import {
  countOverlap,
  type FewshotResult,
  iou,
  type JobParts,
  type Mask,
  type MethodJob,
  type Progress,
  type Slice,
} from 'fewshot-sam';
import { linear } from './linear';
import { prototype } from './prototype';

interface Study {
  name: string;
  rows: number;
  columns: number;
  spacing: number;
  /** Intensities of background and disk. */
  dark: number;
  bright: number;
}

const FIRST = { name: 'first', rows: 64, columns: 128, spacing: 1, dark: 60, bright: 160 };
/** The same disk on other pixels and in other units. */
const SECOND = { name: 'second', rows: 80, columns: 160, spacing: 0.8, dark: 600, bright: 1600 };

/** A disk of 24 mm radius that moves to the right from slice to slice. */
function disk(study: Study, index: number): { slice: Slice; mask: Mask } {
  const { name, rows, columns, spacing, dark, bright } = study;
  const mask = Uint8Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    return Math.hypot((row + 0.5) * spacing - 32, (column + 0.5) * spacing - 40 - 8 * index) < 24
      ? 1
      : 0;
  });
  const pixels = Float32Array.from(mask, (value, i) => {
    const noise = 0.1 * Math.sin(i * i);
    return dark + (bright - dark) * (value + noise);
  });
  const grid = { rows, columns, rowSpacing: spacing, columnSpacing: spacing };
  return { slice: { ...grid, pixels, index, identity: `${name} ${index}` }, mask };
}

const FIRST_DISKS = [0, 1, 2, 3].map(index => disk(FIRST, index));
const SECOND_DISKS = [0, 1, 2].map(index => disk(SECOND, index));

/** Slices 0, 1 and 3 are drawn, slice 2 is wanted. */
const JOB: MethodJob = {
  slices: FIRST_DISKS.map(({ slice }) => slice),
  labels: new Map([0, 1, 3].map(index => [index, FIRST_DISKS[index].mask])),
  targets: [1, 2],
  window: { kind: 'clip', low: 0, high: 200 },
};

/** Slices 0 and 1 of the second study are wanted; their indices are labeled in the first. */
const TEST_JOB: MethodJob = {
  ...JOB,
  targets: [0, 1],
  test: {
    slices: SECOND_DISKS.map(({ slice }) => slice),
    window: { kind: 'clip', low: 0, high: 2000 },
  },
};

let encoder: ImageEncoder;
beforeAll(async () => {
  encoder = await realEncoder();
});
afterAll(() => encoder.dispose());

/**
 * The prototype finds 0.75 of the disk, the linear classifier 0.98: tokens on the disk's edge look
 * less like its mean (cosine 0.4) than the background does (0.7), so no threshold finds them.
 */
describe.each([
  { name: 'prototype', method: prototype, steps: 1, iterations: 0, minIou: 0.7 },
  { name: 'linear', method: linear, steps: 300, iterations: 300, minIou: 0.95 },
])('$name', ({ method, steps, iterations, minIou }) => {
  let parts: JobParts;
  let first: FewshotResult;

  beforeAll(() => {
    const cache = new MemoryCache(64 * 2 ** 20);
    parts = { encoder, modelSha256: 'of MobileSAM', weights: new Map(), cache };
  });
  afterEach(() => jest.restoreAllMocks());

  it('segments a drawn disk', async () => {
    const reports: Progress[] = [];
    first = await method(JOB, parts, { onProgress: report => reports.push(report) });

    expect(first.slices.map(({ index }) => index)).toEqual([2]); // Slice 1 is drawn.
    const [{ mask, probability }] = first.slices;
    expect(iou(countOverlap(mask, FIRST_DISKS[2].mask))).toBeGreaterThan(minIou);
    expect([...mask]).toEqual(Array.from(probability(), value => (value > 0.5 ? 1 : 0)));

    expect(first.iterations).toBe(iterations);
    expect(first.losses.length).toBe(iterations);
    expect(first.embeddingsFromCache).toBe(0);
    expect(Object.values(first.seconds).every(seconds => seconds > 0)).toBe(true);
    expect(reports.map(({ phase, done, total }) => `${phase} ${done}/${total}`)).toEqual([
      ...['encode 0/3', 'encode 1/3', 'encode 2/3', 'encode 3/3'],
      ...Array.from({ length: steps + 1 }, (_, done) => `fit ${done}/${steps}`),
      ...['propagate 0/1', 'propagate 1/1'],
    ]);
  });

  it('takes the embeddings of a second run from the cache, with the same result', async () => {
    const encode = jest.spyOn(encoder, 'encode');
    const again = await method(JOB, parts);
    expect(encode).not.toHaveBeenCalled();
    expect(again.embeddingsFromCache).toBe(4);
    expect(plainSlices(again.slices)).toEqual(plainSlices(first.slices));
    expect(again.losses).toEqual(first.losses);
  });

  it('segments another study in that study’s window', async () => {
    const result = await method(TEST_JOB, parts);
    expect(result.slices.map(({ index }) => index)).toEqual([0, 1]);
    result.slices.forEach(({ index, mask }) => {
      expect(iou(countOverlap(mask, SECOND_DISKS[index].mask))).toBeGreaterThan(minIou);
    });
    expect(result.embeddingsFromCache).toBe(3); // Those of the first study.
  });

  it.each<[Progress['phase'], number]>([
    ['encode', 1],
    ['fit', 0],
    ['propagate', 1],
  ])('stops in phase %s when it is cancelled', async (phase, when) => {
    const controller = new AbortController();
    const reports: Progress[] = [];
    const running = method(TEST_JOB, parts, {
      signal: controller.signal,
      onProgress: report => {
        reports.push(report);
        if (report.phase === phase && report.done === when) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(reports.at(-1)).toMatchObject({ phase });
    expect(reports.at(-1)!.done).toBeLessThan(when + 10); // Training looks up now and then.
  });

  it('refuses a bad job before it computes anything', async () => {
    const reports: Progress[] = [];
    const running = method({ ...JOB, targets: [0, 1] }, parts, {
      onProgress: report => reports.push(report),
    });
    await expect(running).rejects.toMatchObject({ code: 'bad-input' });
    expect(reports).toEqual([]);
  });
});
