/** `fewshot-sam choose` on studies whose slices look alike in groups. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describeWith, fewshotSam } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

const GRID: Grid = { size: [64, 64, 6], spacing: [1, 1, 3], origin: [0, 0, 0] };

let folder: string;
const file = (name: string) => path.join(folder, name);
/** Slices 0 to 2 show one large disk, 3 to 5 two small ones; in `other` all show a square. */
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-choose-'));
  const noise = (x: number, y: number, z: number) => 6 * Math.sin(x * 0.9 + z) * Math.cos(y * 0.7);
  await writeNifti(file('disks.nii.gz'), GRID, (x, y, z) => {
    const isInside =
      z < 3
        ? Math.hypot(x - 32, y - 32) < 20
        : Math.min(Math.hypot(x - 18, y - 18), Math.hypot(x - 46, y - 40)) < 8;
    return Math.round((isInside ? 180 : 20) + noise(x, y, z));
  });
  await writeNifti(file('other.nii.gz'), GRID, (x, y, z) =>
    Math.round((x > 8 && x < 30 && y > 34 && y < 56 ? 180 : 20) + noise(x, y, z)),
  );
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describeWith(['command', 'model'], 'fewshot-sam choose', () => {
  it('takes one slice of each appearance, from all studies', async () => {
    const { code, stdout } = await fewshotSam([
      ...['choose', '--image', file('disks.nii.gz'), '--image', file('other.nii.gz')],
      ...['--count', '3', '--window', '0,200', '--json', '-', '--cache', 'none'],
    ]);
    expect(code).toBe(0);
    const [disks, other] = JSON.parse(stdout) as { slices: number[] }[];
    expect(other.slices).toHaveLength(1);
    expect(disks.slices).toHaveLength(2);
    expect(disks.slices[0]).toBeLessThan(3);
    expect(disks.slices[1]).toBeGreaterThanOrEqual(3);
  });

  it('chooses only where the structure lies, and writes the options for fit', async () => {
    const { code, stdout } = await fewshotSam([
      ...['choose', '--image', file('disks.nii.gz'), '--among', '4-4', '--count', '2'],
      ...['--window', '0,200', '--cache', 'none'],
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Outline this slice of 1;[^]*--image \S+disks\.nii\.gz --shots 4\n$/);
  });

  it.each([
    [['--among', '40-10'], '--among must be like 10-40, not "40-10".'],
    [['--among', '1-2', '--among', '1-2'], '--among is given 2 times and --image 1 times'],
    [['--count', '0'], '--count'],
  ])('refuses %j', async (options, message) => {
    const { code, stderr } = await fewshotSam(['choose', '--image', 'x.nii', ...options]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('says so when the range lies outside the volume', async () => {
    const { code, stderr } = await fewshotSam([
      ...['choose', '--image', file('other.nii.gz'), '--among', '7-9', '--cache', 'none'],
    ]);
    expect(code).toBe(1);
    expect(stderr).toContain('--among 7-9 lies outside the volume, whose slices run from 0 to 5.');
  });
});
