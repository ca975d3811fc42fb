import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchRow } from '../../cli/src/bench/benchRow';
import { describeWith, fewshotSam, missing } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

const GRID: Grid = { size: [24, 20, 6], spacing: [1, 1, 3], origin: [0, 0, 0] };

/** A cylinder that leans: its center moves with the slice. */
const isInside = (x: number, y: number, z: number) => (x - 7 - z) ** 2 + (y - 9) ** 2 <= 25;

const CASES = ['lean/2', 'lean/3', 'again/2', 'again/3', 'more/2', 'more/3'];
const SHOTS: Record<string, number[]> = { 2: [1, 4], 3: [0, 3, 5] };

let folder: string;
let suite: string;
let json: string;
const place = (name: string) => path.join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-bench-'));
  suite = place('suite.json');
  await writeNifti(place('image.nii.gz'), GRID, (x, y, z) => (isInside(x, y, z) ? 150 : x + y));
  await writeNifti(place('labels.nii.gz'), GRID, (x, y, z) => (isInside(x, y, z) ? 3 : 0));
  const study = { image: 'image.nii.gz', labels: 'labels.nii.gz' };
  const structure = { label: [3], window: [0, 200] };
  await writeFile(
    suite,
    JSON.stringify({
      within: CASES.map(id => ({ id, ...study, ...structure, shots: SHOTS[id.slice(-1)] })),
      across: [
        { id: 'to-itself/2', few_shot: { ...study, shots: [1, 4] }, test: study, ...structure },
      ],
    }),
  );
});
beforeEach(() => {
  json = place(`${Math.random()}.json`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const run = (...more: string[]) =>
  fewshotSam(['bench', '--suite', suite, '--json', json, '--methods', 'nearest', ...more]);
const rows = async (): Promise<BenchRow[]> => JSON.parse(await readFile(json, 'utf8'));

/** IoU of copying to each test slice the shot that `shotOf` names. */
function iouOfCopies(shotOf: Record<number, number>): number {
  const sum = { intersection: 0, union: 0 };
  for (const [slice, shot] of Object.entries(shotOf)) {
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 24; x++) {
        const [predicted, truth] = [isInside(x, y, shot), isInside(x, y, Number(slice))];
        if (predicted && truth) sum.intersection++;
        if (predicted || truth) sum.union++;
      }
    }
  }
  return sum.intersection / sum.union;
}

/** Skipped, with a word, where the model is not prepared. */
const itWithModel = missing('model') === null ? it : it.skip;

describeWith(['command'], 'fewshot-sam bench', () => {
  it('writes a row for each case and method, and prints the table', async () => {
    const { code, stdout, stderr } = await run('--only', 'lean|to-itself');
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('[3/3]') });

    const [two, three, across, ...others] = await rows();
    expect(others).toEqual([]);
    // Slices as near to one shot as to the other take the lower one.
    const [iouTwo, iouThree] = [
      iouOfCopies({ 0: 1, 2: 1, 3: 4, 5: 4 }),
      iouOfCopies({ 1: 0, 2: 3, 4: 3 }),
    ];
    expect(two).toMatchObject({ id: 'lean/2', method: 'nearest', seed: 0, slices: 4 });
    expect(two.iou).toBeCloseTo(iouTwo, 9);
    expect(two.dice).toBeCloseTo((2 * iouTwo) / (1 + iouTwo), 9);
    expect(two.assd_mm).toBeGreaterThan(0);
    // Each copy lies one pixel of 1 mm beside the truth.
    expect(two.hd95_mm).toBeCloseTo(1, 9);
    // So each has a Dice of 70 / 81.
    expect(two.accepted_unchanged).toBe(0);
    expect(two.per_slice.map(({ index }) => index)).toEqual([0, 2, 3, 5]);
    expect(two.peak_rss_mb).toBeGreaterThan(20);
    expect(three.iou).toBeCloseTo(iouThree, 9);
    expect(across).toMatchObject({ iou: null, error: expect.stringContaining('nearest') });

    const mean = ((iouTwo + iouThree) / 2).toFixed(4);
    expect(stdout).toMatch(new RegExp(`^mean within one study +${mean}$`, 'm'));
    expect(stdout).toMatch(
      /^Means within one study\nMethod +IoU +Dice +accepted .*\nnearest +0\.\d+ +0\.\d+ +0\.0000 /m,
    );
    expect(stdout).toMatch(/^to-itself\/2 +–$/m);
  });

  itWithModel(
    'learns from a slice of each of several patients once, and tests several others',
    async () => {
      // The disk of the second and fourth patient lies deeper, and is absent from the outer slices.
      const shift = [0, 2, 1, 3];
      const shows = (patient: number, z: number) => patient % 2 === 0 || (z > 0 && z < 5);
      for (const [patient, by] of shift.entries()) {
        const isDisk = (x: number, y: number, z: number) =>
          shows(patient, z) && (x - 9 - by) ** 2 + (y - 9) ** 2 <= 25;
        await writeNifti(place(`p${patient}.nii.gz`), GRID, (x, y, z) =>
          isDisk(x, y, z) ? 150 : x + y,
        );
        await writeNifti(place(`l${patient}.nii.gz`), GRID, (x, y, z) => (isDisk(x, y, z) ? 3 : 0));
      }
      const study = (patient: number) => ({
        image: `p${patient}.nii.gz`,
        labels: `l${patient}.nii.gz`,
      });
      const file = place('patients.json');
      const structure = { label: [3], window: [0, 200] };
      const few_shot = [
        { ...study(0), shots: [2] },
        { ...study(1), shots: [3], empty: [0, 5] },
      ];
      const patients = (change: object = {}) =>
        writeFile(
          file,
          JSON.stringify({
            across: [
              { id: 'disk/2', few_shot, test: [study(2), study(3)], ...structure, ...change },
            ],
          }),
        );
      await patients();
      const args = ['--suite', file, '--methods', 'prototype,nearest', '--cache', place('cache')];
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('[2/2]') });
      const [row, nearest] = await rows();
      expect(nearest).toMatchObject({
        iou: null,
        error: expect.stringContaining('say nothing about another study'),
      });
      expect(row).toMatchObject({ slices: 12, slices_with_structure: 10 });
      expect(row.per_slice.map(({ test, index }) => [test, index])).toEqual(
        [0, 1].flatMap(test => [0, 1, 2, 3, 4, 5].map(index => [test, index])),
      );
      // By hand, from the pixels of each slice.
      const iouOf = (slices: BenchRow['per_slice']) => {
        const sum = (of: (slice: (typeof slices)[0]) => number) =>
          slices.reduce((total, slice) => total + of(slice), 0);
        const both = sum(({ intersection }) => intersection);
        return both / (sum(({ truth }) => truth) + sum(({ predicted }) => predicted) - both);
      };
      const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
      const shown = row.per_slice.filter(({ truth }) => truth > 0).map(slice => iouOf([slice]));
      expect(row.slice_iou).toBeCloseTo(mean(shown), 9);
      expect(row.slice_iou).toBeGreaterThan(0.2);
      expect(row.slice_iou_sd).toBeCloseTo(
        Math.sqrt(mean(shown.map(value => (value - mean(shown)) ** 2))),
        9,
      );
      expect(row.slice_assd_mm).toBeGreaterThan(0);
      const volumes = [0, 1].map(test => iouOf(row.per_slice.filter(slice => slice.test === test)));
      expect(row.patients?.map(({ volume_iou }) => volume_iou)).toEqual(
        volumes.map(value => expect.closeTo(value, 9)),
      );
      expect(row.volume_iou).toBeCloseTo(mean(volumes), 9);
      expect(row.iou).toBeCloseTo(iouOf(row.per_slice), 9);
      expect(stdout).toMatch(
        /^disk\/2 +prototype +\d+\.\d ± \d+\.\d +\d+\.\d ± \d+\.\d +\d of 10 /m,
      );

      for (const [change, message] of [
        [
          { few_shot: few_shot.slice(0, 1) },
          `--suite ${file}: Case disk/2: few_shot has only one shot`,
        ],
        [
          { few_shot: [few_shot[0], { ...few_shot[1], empty: [3] }] },
          'slice 3 is among few_shot[1].shots and few_shot[1].empty',
        ],
        [
          { few_shot: [few_shot[0], { ...few_shot[1], empty: [2] }] },
          'label 3 occurs on slice 2 of few_shot[1].empty',
        ],
        [
          { few_shot: [few_shot[0], { ...few_shot[1], shots: [1, 9] }] },
          `--suite ${file}: Case disk/2: few_shot[1].shots 9 lies outside`,
        ],
        [{ test: [study(2), { ...study(3), image: 'p9.nii.gz' }] }, 'Case disk/2: test[1].image'],
      ] as const) {
        await patients(change);
        const wrong = await run(...args, '--again');
        expect(wrong.stderr).toContain(message);
        expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 1, stdout: '' });
      }
    },
    400_000,
  );

  it('goes on where it was, and computes again only when asked', async () => {
    await run('--only', 'lean');
    const [first, second] = await rows();
    // So that a kept row can be told from a computed one.
    await writeFile(json, JSON.stringify([{ ...first, iou: 0.125 }]));

    const later = await run('--only', 'lean');
    expect(later.stderr).toContain('1 of 2 rows');
    expect(later.stderr).toContain('[1/1] lean/3 nearest');
    expect(later.stdout).toMatch(/^lean\/2 +0\.1250$/m);
    expect((await rows()).map(({ iou }) => iou)).toEqual([0.125, second.iou]);

    expect((await run('--only', 'lean', '--seed', '1')).stderr).not.toContain('Kept');
    expect(await rows()).toHaveLength(4);
    await run('--only', 'lean/2', '--again');
    expect((await rows()).map(({ iou }) => iou)).toEqual([
      first.iou,
      second.iou,
      first.iou,
      second.iou,
    ]);
  });

  it('stops within a second on Ctrl-C, keeps what is done, and goes on', async () => {
    let stoppedAt = 0;
    const { code, stdout, stderr } = await fewshotSam(
      ['bench', '--suite', suite, '--json', json, '--methods', 'nearest'],
      (text, kill) => {
        if (stoppedAt || !text.includes('[2/7]')) return;
        stoppedAt = Date.now();
        kill('SIGINT');
      },
    );
    expect(Date.now() - stoppedAt).toBeLessThan(1000);
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/Cancelled\.\nFinished rows are kept/);
    const kept = await rows();
    expect(kept.map(({ id }) => id)).toEqual(CASES.slice(0, kept.length));
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect((await readdir(folder)).filter(name => name.endsWith('.part'))).toEqual([]);

    const { code: later } = await run();
    expect(later).toBe(0);
    expect((await rows()).slice(0, kept.length)).toEqual(kept);
    expect(await rows()).toHaveLength(CASES.length + 1);
  }, 120_000);

  it('names case and field when the suite is wrong', async () => {
    const study = { image: 'image.nii.gz', labels: 'labels.nii.gz' };
    const right = { id: 'bad', ...study, label: [3], window: [0, 200], shots: [1, 4] };
    const cases: [object, string][] = [
      [{ ...right, window: [5] }, 'Case bad: window is [5]'],
      [{ ...right, image: 'absent.nii' }, 'Case bad: image'],
      [{ ...right, shots: [1, 6] }, 'Case bad: shots 6 lies outside'],
      [{ ...right, label: [9] }, 'Case bad: label 9 does not occur in labels, which holds 3'],
    ];
    for (const [one, message] of cases) {
      const file = place('wrong.json');
      await writeFile(file, JSON.stringify({ within: [one] }));
      const { code, stdout, stderr } = await run('--suite', file);
      expect(stderr).toContain(message);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
    expect((await run('--only', 'liver')).stderr).toContain('matches none of the 7 cases');
    expect((await run('--suite', place('absent.json'))).stderr).toContain('cannot be read');
  });

  it('ends with 2 on wrong usage', async () => {
    for (const args of [
      ['--json', json],
      ['--suite', suite],
      ['--suite', suite, '--methods', 'x'],
    ]) {
      expect(await fewshotSam(['bench', ...args])).toMatchObject({ code: 2, stdout: '' });
    }
    // Not a command of the user's.
    expect((await fewshotSam(['bench-child'])).stderr).toContain('no command "bench-child"');
  });
});
