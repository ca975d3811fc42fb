/** DICOM SEG in and out of the command: drawn by one tool, segmented here, read by another. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSegmentation } from '../../dicom/src/seg/readSegmentation';
import { CT_FOLDER, CT_LABELS, readFolder } from '../dicom/sources';
import {
  compareWithNifti,
  hasDciodvfy,
  hasPydicom,
  readWithPydicom,
  testIf,
  validate,
} from '../dicom/tools';
import { describeWith, fewshotSam } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-seg-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = (name: string) => path.join(folder, name);

/** A method that takes no model's time: what is tested is how results come in and go out. */
const FAST = ['--method', 'interpolate', '--shots', '1,7,13,18', '--cache', 'none'];
const segmentCt = (...more: string[]) =>
  fewshotSam(['segment', '--image', CT_FOLDER, ...FAST, ...more]);

describeWith(['command', 'model', 'data'], 'fewshot-sam segment --out seg.dcm', () => {
  let first: string;
  beforeAll(async () => {
    first = file('first.dcm');
    const { code, stderr } = await segmentCt(
      ...['--labels', CT_LABELS, '--label', '52', '--label', '79', '--out', first],
      ...['--name', 'Aorta', '--name', 'Rückenmark'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') });
  }, 120_000);

  testIf(hasPydicom, 'python3-pydicom')('lies on the series that was segmented', () => {
    const read = readWithPydicom(first, CT_FOLDER);
    expect(read.seriesDescription).toBe('Few-shot SAM: Aorta, Rückenmark');
    expect(read.segments).toMatchObject([
      { label: 'Aorta', algorithmType: 'SEMIAUTOMATIC', algorithmName: 'Few-shot SAM' },
      { label: 'Rückenmark' },
    ]);
  });

  testIf(hasDciodvfy, 'dciodvfy')('is valid', () => {
    expect(validate(first).filter(line => line.startsWith('Error'))).toEqual([]);
  });

  it('has the voxels of the NIfTI file that the same command writes', async () => {
    const nifti = file('first.nii.gz');
    const { code } = await segmentCt(
      ...['--labels', CT_LABELS, '--label', '52', '--label', '79', '--out', nifti],
    );
    expect(code).toBe(0);
    if (!hasPydicom) return;
    for (const { inSeg, inNifti, inBoth } of compareWithNifti(first, nifti, [52, 79])) {
      expect(inSeg).toBeGreaterThan(500);
      expect([inNifti, inBoth]).toEqual([inSeg, inSeg]);
    }
  }, 120_000);

  it('is taken for labels, with the names of its segments', async () => {
    const second = file('second.dcm');
    const { code, stderr } = await segmentCt(
      ...['--labels', first, '--label', '2', '--out', second, '--seg', 'labelmap-rle'],
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') });
    const sources = readFolder(CT_FOLDER).map(({ instance }) => instance);
    const [before, after] = await Promise.all(
      [first, second].map(async seg => readSegmentation(await readFile(seg), sources)),
    );
    expect(after.segmentationType).toBe('LABELMAP');
    expect(after.segments).toMatchObject([
      { label: 'Rückenmark', color: before.segments[1].color },
    ]);
    for (const shot of [1, 7, 13, 18]) {
      expect(after.segments[0].masks.get(shot)).toEqual(before.segments[1].masks.get(shot));
    }
  }, 120_000);

  it('takes a SEG by another tool only for its own series', async () => {
    const { code, stderr } = await segmentCt(
      ...['--labels', path.resolve(CT_FOLDER, '../../dicom_seg_3slice/liver.dcm')],
      ...['--label', '1', '--evaluate'],
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not lie on the images of this series: its frame of reference is/);
  }, 60_000);

  it('needs DICOM images', async () => {
    const nifti = file('image.nii.gz');
    const grid: Grid = { size: [8, 8, 4], spacing: [1, 1, 1], origin: [0, 0, 0] };
    await writeNifti(nifti, grid, () => 1);
    const run = (...more: string[]) =>
      fewshotSam(['segment', '--image', nifti, '--label', '1', '--shots', '0,3', ...more]);
    for (const [option, args] of [
      ['--out', ['--labels', nifti, '--out', file('no.dcm')]],
      ['--labels', ['--labels', first, '--evaluate']],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`^${option} .*DICOM SEG.*is not one\\.\nGive --image as`));
    }
  }, 60_000);
});
