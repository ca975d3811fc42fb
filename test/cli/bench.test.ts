import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchRow } from '../../cli/src/bench/benchRow';
import { describeWith, fewshotSam } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

const GRID: Grid = { size: [24, 20, 6], spacing: [1, 1, 3], origin: [0, 0, 0] };

/** A cylinder that leans: its centre moves with the slice. */
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
