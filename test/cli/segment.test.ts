import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWith, fewshotSam } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

const GRID: Grid = { size: [64, 64, 6], spacing: [1, 1, 3], origin: [-32, -32, 100] };

/** A bright cylinder that leans: its center moves with the slice. */
const isInside = (x: number, y: number, z: number) =>
  (x - 24 - 2 * z) ** 2 + (y - 30) ** 2 <= 11 ** 2;

let folder: string;
let image: string;
let labels: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-'));
  image = path.join(folder, 'Doe^Jane.nii.gz');
  labels = path.join(folder, 'labels.nii.gz');
  // Some texture, as no real image is flat.
  await writeNifti(image, GRID, (x, y, z) =>
    Math.round((isInside(x, y, z) ? 150 : 20) + 15 * Math.sin(x * 0.9 + z) * Math.cos(y * 0.7)),
  );
  // The labels are stored mirrored, left to right and back to front.
  const mirrored: Grid = { ...GRID, origin: [31, 31, 100], sign: [-1, -1, 1] };
  await writeNifti(labels, mirrored, (x, y, z) => (isInside(63 - x, 63 - y, z) ? 3 : 0));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const required = () => ['--image', image, '--labels', labels, '--label', '3', '--shots', '0,3,5'];

describeWith(['command'], 'fewshot-sam', () => {
  it('explains itself', async () => {
    for (const args of [['--help'], ['segment', '--help'], ['help'], ['-h']]) {
      const { code, stdout, stderr } = await fewshotSam(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      for (const option of [
        '--image',
        '--labels',
        '--label',
        '--shots',
        '--axis',
        '--window',
        '--out',
      ]) {
        expect(stdout).toContain(option);
      }
    }
    expect((await fewshotSam(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each<[string[], string]>([
    [[], 'A command is missing'],
    [['segmen'], 'no command "segmen"'],
    [['fit'], '--image is missing'],
    [['apply'], 'The task file is missing'],
    [['segment'], '--image is missing'],
    [['segment', '--nonsense', '1'], '--nonsense'],
    [['segment', ...'--image a --labels b --label 1 --shots 1'.split(' ')], 'two or more'],
    [
      ['segment', ...'--image a --labels b --label 1 --shots 1,2'.split(' ')],
      '--evaluate or --json',
    ],
    [
      ['segment', ...'--image a --labels b --label 1 --shots 1,2 --window 5,1'.split(' ')],
      '--window',
    ],
  ])('ends with 2 and one reason for %j', async (args, reason) => {
    const { code, stdout, stderr } = await fewshotSam(args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(reason);
    expect(stderr).toContain('--help');
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('ends with 1, the reason and the remedy when the input cannot be used', async () => {
    const file = (name: string) => path.join(folder, name);
    await writeNifti(file('4d.nii'), { ...GRID, size: [4, 4, 4] }, () => 1, 5);
    await writeNifti(file('flat.nii'), { ...GRID, size: [8, 8, 1] }, () => 1);
    await writeNifti(file('elsewhere.nii'), { ...GRID, origin: [900, 0, 0] }, () => 3);
    await writeFile(file('text.nii'), 'hello');
    await mkdir(file('empty'));
    const run = (...changes: string[]) => ['segment', ...required(), '--evaluate', ...changes];
    const cases: [string[], string, string][] = [
      [run('--image', file('absent.nii')), 'does not exist', 'Give the path'],
      [run('--image', file('text.nii')), 'not a NIfTI file', 'Give a 3D NIfTI'],
      [run('--image', file('empty')), 'no DICOM image', 'folder that holds'],
      [run('--image', file('4d.nii')), '4 dimensions (4 x 4 x 4 x 5)', 'split'],
      [run('--image', file('flat.nii')), 'single slice', 'several slices'],
      [run('--labels', file('elsewhere.nii')), 'do not overlap', 'drawn on this image'],
      [run('--shots', '0,6'), 'slices run from 0 to 5', '--shots inside'],
      [run('--label', '4'), 'which holds 3', 'value that the labels hold'],
      [run('--axis', 'sagittal', '--shots', '1,30'), 'slice 1 of --shots', 'show it: 13-45'],
      [run('--model', folder), 'manifest.json', 'npm run setup'],
      [run('--out', file('no/mask.nii')), 'cannot be written', 'folder that exists'],
      [
        run('--label', '70000', '--out', file('mask.nii')),
        '--label 70000 cannot be written',
        'alone',
      ],
    ];
    for (const [args, reason, remedy] of cases) {
      const { code, stdout, stderr } = await fewshotSam(args);
      expect(stderr).toContain(reason);
      expect(stderr).toContain(remedy);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    }
  });
});

describeWith(['command', 'model'], 'fewshot-sam segment', () => {
  it('segments a cylinder, on the image’s grid, from labels of another voxel order', async () => {
    const out = path.join(folder, 'mask.nii.gz');
    const json = path.join(folder, 'result.json');
    const cache = path.join(folder, 'cache');
    const args = [
      'segment',
      ...required(),
      '--window',
      '0,200',
      '--method',
      'paper',
      '--iterations',
      '12',
      '--evaluate',
    ];
    const { code, stdout, stderr } = await fewshotSam([
      ...args,
      ...['--out', out, '--json', json, '--cache', cache],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') });

    const row = JSON.parse(await readFile(json, 'utf8'));
    expect(row).toMatchObject({
      method: 'paper',
      slices: 3,
      iterations: 12,
      label: [3],
      shots: [0, 3, 5],
    });
    expect(row.iou).toBeGreaterThan(0.85);
    expect(row.dice).toBeCloseTo((2 * row.iou) / (1 + row.iou), 9);
    expect(row.assd_mm).toBeLessThan(1.5);
    for (const field of ['encode_s', 'fit_s', 'apply_s', 'peak_rss_mb']) {
      expect(row[field]).toBeGreaterThan(0);
    }
    expect(row.per_label).toEqual([
      { label: 3, voxels: expect.any(Number), found: expect.any(Number) },
    ]);
    expect(stdout).toContain(`IoU ${row.iou.toFixed(4)}`);
    expect(JSON.stringify(row)).not.toContain('Doe');
    expect((await readdir(cache)).join()).not.toContain('Doe');

    // The mask itself, read without the code that wrote it, gives the reported IoU.
    const mask = gunzipSync(await readFile(out));
    const header = new DataView(mask.buffer, mask.byteOffset);
    expect([1, 2, 3].map(i => header.getInt16(40 + 2 * i, true))).toEqual(GRID.size);
    expect(header.getInt16(70, true)).toBe(2); // DT_UINT8
    const data = mask.subarray(header.getFloat32(108, true));
    const sum = { intersection: 0, union: 0 };
    for (let i = 0; i < 64 * 64 * 6; i++) {
      const [x, y, z] = [i % 64, Math.floor(i / 64) % 64, Math.floor(i / 4096)];
      if ([0, 3, 5].includes(z)) {
        expect(data[i]).toBe(isInside(x, y, z) ? 1 : 0);
        continue;
      }
      if (data[i] && isInside(x, y, z)) sum.intersection++;
      if (data[i] || isInside(x, y, z)) sum.union++;
    }
    expect(sum.intersection / sum.union).toBeCloseTo(row.iou, 9);

    // Again: the same result, this time without encoding anything.
    const again = await fewshotSam([...args, '--json', '-', '--cache', cache]);
    expect(JSON.parse(again.stdout)).toMatchObject({
      iou: row.iou,
      embeddings_from_cache: expect.any(Number),
    });
    expect(JSON.parse(again.stdout).embeddings_from_cache).toBeGreaterThanOrEqual(6);
  }, 180_000);

  it('segments two structures, one of which ends, and lets them not overlap', async () => {
    const [two, drawn] = ['two.nii.gz', 'drawn.nii.gz'].map(name => path.join(folder, name));
    const isBox = (x: number, y: number, z: number) =>
      z < 4 && Math.abs(x - 52) < 7 && Math.abs(y - 14) < 7;
    const texture = (x: number, y: number, z: number) => 12 * Math.sin(x * 0.9 + z) * Math.cos(y);
    await writeNifti(two, GRID, (x, y, z) =>
      Math.round((isInside(x, y, z) ? 150 : isBox(x, y, z) ? 90 : 20) + texture(x, y, z)),
    );
    await writeNifti(drawn, GRID, (x, y, z) => (isInside(x, y, z) ? 3 : isBox(x, y, z) ? 7 : 0));
    const out = path.join(folder, 'both.nii.gz');
    const { code, stdout, stderr } = await fewshotSam([
      ...['segment', '--image', two, '--labels', drawn, '--label', '3', '--label', '7'],
      ...['--shots', '0,2,5', '--window', '0,200', '--method', 'context-fast', '--evaluate'],
      ...['--json', '-', '--out', out, '--cache', 'none'],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') });
    const [cylinder, box] = JSON.parse(stdout);
    expect(cylinder).toMatchObject({ label: [3], shots: [0, 2, 5], method: 'context-fast' });
    expect(box).toMatchObject({ label: [7] });
    expect(cylinder.iou).toBeGreaterThan(0.85);
    expect(box.iou).toBeGreaterThan(0.6);

    const mask = gunzipSync(await readFile(out));
    const data = mask.subarray(new DataView(mask.buffer, mask.byteOffset).getFloat32(108, true));
    expect([...new Set(data.subarray(0, 64 * 64 * 6))].sort()).toEqual([0, 3, 7]);
    // The box is drawn as absent on the last slice.
    expect(data.subarray(64 * 64 * 5, 64 * 64 * 6).includes(7)).toBe(false);
  }, 180_000);

  it('stops in order on Ctrl-C and leaves no result', async () => {
    const out = path.join(folder, 'cancelled.nii.gz');
    const args = ['segment', ...required(), '--window', '0,200', '--out', out, '--cache', 'none'];
    /** @returns how it ended, and how long that took from the first slice on, in milliseconds */
    const run = async (whenEncoding: (kill: (signal: NodeJS.Signals) => void) => void) => {
      let begun = 0;
      const finished = await fewshotSam(args, (text, kill) => {
        if (begun || !text.includes('Encoding')) return;
        begun = Date.now();
        whenEncoding(kill);
      });
      return { ...finished, took: Date.now() - begun };
    };
    const whole = await run(() => undefined);
    expect(whole).toMatchObject({ code: 0 });
    await rm(out);

    const { code, stdout, stderr, took } = await run(kill => kill('SIGINT'));
    expect(stderr).toContain('Cancelled');
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(existsSync(out)).toBe(false);
    // One slice of six may still have to finish.
    expect(took).toBeLessThan(whole.took / 2 + 500);
  }, 120_000);
});
