/** Learned from one study with `fit`, found in another with `apply`. */
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWith, fewshotSam } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

const KNOWN: Grid = { size: [64, 64, 4], spacing: [1, 1, 3], origin: [-32, -32, 100] };
/** A wider field of view of coarser pixels. */
const OTHER: Grid = { size: [60, 60, 3], spacing: [1.5, 1.5, 3], origin: [-45, -45, 0] };

/** A gray body of 25 mm radius, and in it a bright disk of 9 mm, 5 mm beside the middle. */
function disk({ size, spacing }: Grid, x: number, y: number, z: number) {
  const right = (x + 0.5 - size[0] / 2) * spacing[0];
  const back = (y + 0.5 - size[1] / 2) * spacing[1];
  const isInside = Math.hypot(right - 5 - z, back) < 9;
  const isBody = Math.hypot(right, back) < 25;
  const texture = 12 * Math.sin(x * 0.9 + z) * Math.cos(y * 0.7);
  return { isInside, value: Math.round((isInside ? 160 : isBody ? 60 : 0) + texture) };
}

let folder: string;
const file = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-'));
  for (const [name, grid] of [
    ['Doe^Jane', KNOWN],
    ['other', OTHER],
  ] as const) {
    await writeNifti(file(`${name}.nii.gz`), grid, (x, y, z) => disk(grid, x, y, z).value);
    await writeNifti(file(`${name}.labels.nii.gz`), grid, (x, y, z) =>
      disk(grid, x, y, z).isInside ? 3 : 0,
    );
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describeWith(['command', 'model'], 'fewshot-sam fit and apply', () => {
  it('finds in one study what it learned from another', async () => {
    const task = file('disk.task');
    const cache = ['--cache', file('cache')];
    const fit = await fewshotSam([
      ...['fit', '--image', file('Doe^Jane.nii.gz'), '--labels', file('Doe^Jane.labels.nii.gz')],
      ...['--label', '3', '--shots', '0,3', '--window', '0,200', '--name', 'Disk'],
      ...['--iterations', '25', '--method', 'head', '--out', task, ...cache],
    ]);
    expect(fit.stderr).not.toContain('rror');
    expect(fit.code).toBe(0);
    expect(fit.stdout).toContain(
      'Learned "Disk" from 2 slices of one study (method head, 25 iterations',
    );
    expect(fit.stdout).toMatch(/Dice of its own slices, .* 0\.\d\d\./);
    expect((await readFile(task)).includes('Doe')).toBe(false);

    const out = file('mask.nii.gz');
    const apply = await fewshotSam([
      ...['apply', task, '--image', file('other.nii.gz'), '--out', out, '--json', '-', ...cache],
      ...['--evaluate', '--labels', file('other.labels.nii.gz'), '--label', '3'],
    ]);
    expect(apply.code).toBe(0);
    const row: unknown = JSON.parse(apply.stdout);
    expect(row).toMatchObject({ id: 'Disk/axial', slices: 3, slices_with_structure: 3 });
    expect((row as { iou: number }).iou).toBeGreaterThan(0.7);
    expect(await readdir(folder)).toContain('mask.nii.gz');
    expect(row).toMatchObject({ method: 'head', expected_dice: expect.any(Number) });

    const wrong = await fewshotSam([
      ...['apply', task, '--image', file('other.nii.gz'), '--json', '-'],
      ...['--method', 'paper', ...cache],
    ]);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain('was learned by the method head');

    // A second task, here the same: each slice is encoded once, and no pixel belongs to both.
    const again = file('again.task');
    await copyFile(task, again);
    const both = file('both.nii.gz');
    const several = await fewshotSam([
      ...['apply', task, again, '--image', file('other.nii.gz'), '--out', both],
      ...['--json', '-', '--cache', 'none'],
    ]);
    expect(several.code).toBe(0);
    const [first, second] = JSON.parse(several.stdout) as Record<string, number>[];
    expect([first, second].map(one => one.embeddings_from_cache)).toEqual([0, 3]);
    expect(second.slices_with_structure).toBe(3);
    const voxels = gunzipSync(await readFile(both)).subarray(352);
    expect(new Set(voxels)).toEqual(new Set([0, 1]));
    expect(await readFile(file('both.label'), 'utf8')).toMatch(/^ *2 .*"Disk"$/m);

    const damaged = file('damaged.task');
    await writeFile(damaged, (await readFile(task)).subarray(0, -4));
    for (const [name, reason] of [
      [damaged, 'is cut off'],
      [file('other.nii.gz'), 'The task file cannot be used'],
      [file('absent.task'), 'cannot be read'],
    ]) {
      const args = ['apply', name, '--image', file('other.nii.gz'), '--json', '-'];
      const { code, stdout, stderr } = await fewshotSam(args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toContain(reason);
      expect(stderr).not.toMatch(/^\s+at /m);
    }
  }, 400_000);
});
