/** @jest-environment ./engine/src/sam/jestEnvironmentOnnx.mjs */
/** SAM with ideal prompts on drawn slices, with the real encoder and decoder. */
import { weightsWithIouHead } from '../../../test/parity/originalDecoder';
import { realEncoder, WASM_PATH } from '../../../test/parity/realModel';
import { type ImageEncoder, MemoryCache } from 'fewshot-sam/compute';
import {
  countOverlap,
  iou,
  type JobParts,
  type Mask,
  type MethodJob,
  type Progress,
  type Slice,
} from 'fewshot-sam';
import { selectBackend } from 'fewshot-sam/tensorflow';
import { samBox, samPoint } from './samPrompts';

const [ROWS, COLUMNS] = [96, 128];

interface Disk {
  row: number;
  column: number;
  radius: number;
}

/** Bright disks on a dark ground; the truth is what `wanted` says, the others are distractors. */
function drawn(index: number, wanted: Disk[], distractors: Disk[] = []) {
  const inside = (disks: Disk[], i: number) =>
    disks.some(
      ({ row, column, radius }) =>
        Math.hypot(Math.floor(i / COLUMNS) - row, (i % COLUMNS) - column) < radius,
    );
  const pixels = new Float32Array(ROWS * COLUMNS).map((_, i) => {
    const noise = 8 * Math.sin(i * i);
    return (inside([...wanted, ...distractors], i) ? 160 : 60) + noise;
  });
  const truth: Mask = new Uint8Array(ROWS * COLUMNS).map((_, i) => (inside(wanted, i) ? 1 : 0));
  const grid = { rows: ROWS, columns: COLUMNS, rowSpacing: 1, columnSpacing: 1 };
  const slice: Slice = { ...grid, pixels, index, identity: `disks ${index}` };
  return { slice, truth };
}

const LEFT = { row: 40, column: 32, radius: 16 };
const RIGHT = { row: 60, column: 96, radius: 20 };
const DOT = { row: 20, column: 70, radius: 1.5 };

/** Slices 0 and 1 are drawn by the user; 2 to 5 are wanted. */
const STUDY = [
  drawn(0, [LEFT]),
  drawn(1, [LEFT]),
  drawn(2, [LEFT, RIGHT]),
  drawn(3, [LEFT], [RIGHT]),
  drawn(4, [], [RIGHT]),
  drawn(5, [DOT]),
];
const TRUTH = new Map(STUDY.map(({ truth }, index) => [index, truth]));

const JOB: MethodJob = {
  slices: STUDY.map(({ slice }) => slice),
  labels: new Map([0, 1].map(index => [index, STUDY[index].truth])),
  targets: [2, 3, 4, 5],
  window: { kind: 'clip', low: 0, high: 200 },
  truth: TRUTH,
};

let encoder: ImageEncoder;
beforeAll(async () => {
  await selectBackend({ prefer: 'wasm', wasmPath: WASM_PATH });
  encoder = await realEncoder();
});
afterAll(() => encoder.dispose());

describe.each([
  { name: 'sam-point', method: samPoint },
  { name: 'sam-box', method: samBox },
])('$name', ({ name, method }) => {
  let parts: JobParts;

  beforeAll(async () => {
    parts = {
      encoder,
      modelSha256: 'of MobileSAM',
      weights: await weightsWithIouHead(),
      cache: new MemoryCache(64 * 2 ** 20),
    };
  });

  it('finds every part of the structure and nothing else', async () => {
    const reports: Progress[] = [];
    const encode = jest.spyOn(encoder, 'encode');
    const result = await method(JOB, parts, { onProgress: report => reports.push(report) });
    expect(encode).toHaveBeenCalledTimes(3); // A slice without truth has nothing to decode.
    encode.mockRestore();
    expect(result.slices.map(({ index }) => index)).toEqual([2, 3, 4, 5]);

    const [both, one, none, dot] = result.slices;
    const ious = [both, one].map(({ index, mask }) => iou(countOverlap(mask, TRUTH.get(index)!)));
    console.log(`${name}: IoU ${ious.join(', ')}`);
    expect(Math.min(...ious)).toBeGreaterThan(0.9);
    // No truth, no prompt: the disk in the image is not looked at.
    expect(none.mask.every(value => value === 0)).toBe(true);
    expect(none.probability().every(value => value === 0)).toBe(true);
    // A part of few pixels is prompted like any other.
    expect(countOverlap(dot.mask, TRUTH.get(5)!).intersection).toBeGreaterThan(0);

    for (const { mask, probability } of result.slices) {
      expect([...mask]).toEqual(Array.from(probability(), value => (value > 0.5 ? 1 : 0)));
    }
    expect(result).toMatchObject({ iterations: 0, losses: [], embeddingsFromCache: 0 });
    expect(reports.map(({ phase, done, total }) => `${phase} ${done}/${total}`)).toEqual(
      [0, 1, 2, 3, 4].map(done => `propagate ${done}/4`),
    );
  });

  it('segments another study by that study’s truth', async () => {
    const { slice, truth } = drawn(7, [RIGHT]);
    const brighter = { ...slice, pixels: slice.pixels.map(value => 10 * value) };
    const result = await method(
      {
        ...JOB,
        targets: [7],
        test: { slices: [brighter], window: { kind: 'clip', low: 0, high: 2000 } },
        truth: new Map([[7, truth]]),
      },
      parts,
    );
    expect(result.slices.map(({ index }) => index)).toEqual([7]);
    expect(iou(countOverlap(result.slices[0].mask, truth))).toBeGreaterThan(0.9);
  });

  it('refuses to run without the truth of a wanted slice, before it computes anything', async () => {
    const reports: Progress[] = [];
    const without = new Map([...TRUTH].filter(([index]) => index !== 3));
    const run = (truth: MethodJob['truth']) =>
      method({ ...JOB, truth }, parts, { onProgress: report => reports.push(report) });
    await expect(run(undefined)).rejects.toMatchObject({ code: 'bad-input' });
    await expect(run(without)).rejects.toThrow(`${name} needs the true mask of slice 4`);
    await expect(run(new Map(TRUTH).set(3, new Uint8Array(5)))).rejects.toThrow('5 values');
    expect(reports).toEqual([]);
  });

  it('stops when it is cancelled', async () => {
    const controller = new AbortController();
    const reports: Progress[] = [];
    const running = method(JOB, parts, {
      signal: controller.signal,
      onProgress: report => {
        reports.push(report);
        if (report.done === 1) controller.abort();
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'cancelled' });
    expect(reports.at(-1)).toMatchObject({ phase: 'propagate', done: 1 });
  });
});
