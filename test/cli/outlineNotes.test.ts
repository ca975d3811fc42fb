/** Holes and specks in the shots: the command names them and leaves them as they are. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeWith, fewshotSam } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

const GRID: Grid = { size: [64, 64, 5], spacing: [1, 1, 3], origin: [-32, -32, 100] };

const isDisk = (x: number, y: number) => (x - 30) ** 2 + (y - 30) ** 2 <= 15 ** 2;
const isBox = (x: number, y: number) => Math.abs(x - 54) < 5 && Math.abs(y - 10) < 5;
/** Of one pixel, in the label of the disk. */
const HOLES = ['30,30,2', '34,28,2', '28,26,1'];
const SPECK = '5,60,4';

/** 3 is the disk, 7 the box. */
function labelAt(x: number, y: number, z: number): number {
  const at = [x, y, z].join();
  if (HOLES.includes(at)) return 0;
  return isDisk(x, y) || at === SPECK ? 3 : isBox(x, y) ? 7 : 0;
}

let folder: string;
const file = (name: string) => path.join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-notes-'));
  await writeNifti(file('image.nii.gz'), GRID, (x, y, z) =>
    Math.round((isDisk(x, y) ? 150 : isBox(x, y) ? 90 : 20) + 15 * Math.sin(x * 0.9 + z)),
  );
  await writeNifti(file('labels.nii.gz'), GRID, labelAt);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const study = () => [
  ...['--image', file('image.nii.gz'), '--labels', file('labels.nii.gz'), '--window', '0,200'],
];
/** Lines that the command wrote as notes. */
const notesOf = (stderr: string) =>
  stderr.split('\n').flatMap(line => (line.startsWith('Note: ') ? [line.slice(6)] : []));

const ON_SLICE_2 =
  '--labels: label 3 has holes on slice 2 (2 holes, 2 mm²). The result may have holes, too. Nothing was changed: if they do not belong there, fill them and run again.';
const SPECKS =
  '--labels: label 3 has specks beside the structure on slice 4 (1 speck, 1 mm²). They count as the structure. Nothing was changed: if they do not belong there, remove them and run again.';

describeWith(['command', 'model'], 'fewshot-sam on outlines with holes and specks', () => {
  it('segment names them at stderr and in --json, and keeps the shots as drawn', async () => {
    const [out, json] = [file('mask.nii.gz'), file('result.json')];
    const { code, stderr } = await fewshotSam([
      ...['segment', ...study(), '--label', '3', '--label', '7', '--shots', '0,2,4'],
      ...['--method', 'interpolate', '--cache', 'none', '--out', out, '--json', json],
    ]);
    expect({ code, notes: notesOf(stderr) }).toEqual({ code: 0, notes: [ON_SLICE_2, SPECKS] });
    const rows = JSON.parse(await readFile(json, 'utf8'));
    expect(rows).toMatchObject([{ label: [3] }, { label: [7] }]);
    for (const { notes } of rows) expect(notes).toEqual([ON_SLICE_2, SPECKS]);

    const mask = gunzipSync(await readFile(out));
    const data = mask.subarray(new DataView(mask.buffer, mask.byteOffset).getFloat32(108, true));
    for (const z of [0, 2, 4]) {
      for (let i = 0; i < 64 * 64; i++) {
        const label = labelAt(i % 64, Math.floor(i / 64), z);
        if (data[z * 64 * 64 + i] !== label) throw new Error(`slice ${z}, pixel ${i} was changed`);
      }
    }
  }, 120_000);

  it('segment says nothing of slices that are no shots', async () => {
    const { code, stdout, stderr } = await fewshotSam([
      ...['segment', ...study(), '--label', '3', '--shots', '0,3'],
      ...['--method', 'interpolate', '--cache', 'none', '--json', '-', '--evaluate'],
    ]);
    expect({ code, notes: notesOf(stderr) }).toEqual({ code: 0, notes: [] });
    expect(JSON.parse(stdout).notes).toEqual([]);
  }, 120_000);

  it('fit names the study they are in, before it learns', async () => {
    /** Learning takes minutes and is tested elsewhere: it is stopped as it begins. */
    const fit = (...more: string[]) => {
      let isStopped = false;
      return fewshotSam(
        [
          ...['fit', ...study(), '--shots', '0,2', ...more, '--label', '3'],
          ...['--out', file('disk.task'), '--cache', 'none'],
        ],
        (text, kill) => {
          if (isStopped || !text.includes('Encoding slices')) return;
          isStopped = true;
          kill('SIGINT');
        },
      );
    };
    const one = await fit();
    expect({ code: one.code, notes: notesOf(one.stderr) }).toEqual({
      code: 130,
      notes: [ON_SLICE_2],
    });
    const two = await fit(...study().slice(0, 4), '--shots', '3,4');
    expect({ code: two.code, notes: notesOf(two.stderr) }).toEqual({
      code: 130,
      notes: [`Study 1: ${ON_SLICE_2}`, `Study 2: ${SPECKS}`],
    });
  }, 120_000);
});
