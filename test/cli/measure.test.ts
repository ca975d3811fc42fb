/** `fewshot-sam measure` on a box whose figures are known, and on a real CT against scipy. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { createSegmentation, type Segment } from '../../dicom/src/seg/createSegmentation';
import { CT_FOLDER, CT_LABELS, readFolder } from '../dicom/sources';
import {
  hasDciodvfy,
  hasScipy,
  labelsOnGrid,
  measureWithScipy,
  readReportWithPydicom,
  testIf,
  validate,
} from '../dicom/tools';
import { describeWith, fewshotSam } from './command';
import { writeNifti, type Grid } from './syntheticVolume';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-measure-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = (name: string) => path.join(folder, name);
const SCIPY = 'python3-pydicom and python3-scipy';

describeWith(['command'], 'fewshot-sam measure', () => {
  /** Pixels of 0.5 x 2 mm. */
  const GRID: Grid = { size: [30, 20, 6], spacing: [0.5, 2, 3], origin: [0, 0, 0] };
  const isBox = (x: number, y: number, z: number) =>
    x >= 5 && x < 15 && y >= 4 && y < 5 && z >= 2 && z < 4;
  const isPoint = (x: number, y: number, z: number) => x === 20 && y === 10 && z === 5;
  beforeAll(async () => {
    await writeNifti(file('image.nii.gz'), GRID, (_x, _y, z) => (z === 2 ? 10 : 30));
    await writeNifti(file('labels.nii.gz'), GRID, (x, y, z) =>
      isBox(x, y, z) ? 3 : isPoint(x, y, z) ? 7 : 0,
    );
    await writeFile(
      file('labels.label'),
      '3 255 0 0 1 1 1 "Box"\n7 0 255 0 1 1 1 "Point, small"\n',
    );
  });
  const measure = (...more: string[]) =>
    fewshotSam([
      ...['measure', '--image', file('image.nii.gz'), '--labels', file('labels.nii.gz')],
      ...more,
    ]);

  it('prints a table of all structures', async () => {
    const { code, stdout } = await measure();
    expect(code).toBe(0);
    expect(stdout.split('\n').map(line => line.trim().split(/\s{2,}/))).toEqual([
      ['structure', 'volume', 'longest', 'perpendicular', 'on slice', 'mean ± SD', 'slices'],
      ['Box', '0.060 mL', '5.0 mm', '2.0 mm', '2', '20.0 ± 10.0', '2'],
      ['Point, small', '0.003 mL', '2.0 mm', '0.5 mm', '5', '30.0 ± 0.0', '1'],
      [''],
    ]);
  });

  it('writes JSON of one structure, by name', async () => {
    const { code, stdout } = await measure('--label', 'Box', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual([
      {
        ...{ label: 'Box', number: 3, volume_ml: expect.closeTo(0.06, 10), longest_mm: 5 },
        ...{ perpendicular_mm: 2, slice: 2, mean: 20, sd: 10, unit: '', slices: 2, voxels: 20 },
      },
    ]);
  });

  it('writes CSV to a file, several values as one structure', async () => {
    const { code, stdout } = await measure(
      ...['--label', '3,7', '--format', 'csv', '--out', file('figures.csv')],
    );
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const [, row] = (await readFile(file('figures.csv'), 'utf8')).split('\r\n');
    expect(row).toBe('"Box, Point, small",0.0630,5.00,2.00,2,20.48,9.99,,3,21');
  });

  it('does not write over its input', async () => {
    const { code, stderr } = await measure('--out', file('labels.nii.gz'));
    expect(code).toBe(1);
    expect(stderr).toContain('--out');
  });
});

describeWith(['command', 'data'], 'fewshot-sam measure on a DICOM SEG', () => {
  let seg: string;
  beforeAll(async () => {
    seg = file('seg.dcm');
    labelsOnGrid(CT_LABELS, CT_FOLDER, file('labels'));
    const labels = await readFile(file('labels'));
    const instances = readFolder(CT_FOLDER).map(({ instance }) => instance);
    const pixels = labels.length / instances.length;
    const segments = [5, 52].map((value): Segment => {
      const masks = instances.map((_, slice) => {
        const own = labels.subarray(slice * pixels, (slice + 1) * pixels);
        return [slice, Uint8Array.from(own, label => Number(label === value))] as const;
      });
      return {
        ...{ label: value === 5 ? 'Liver' : 'Aorta', color: [value, 90, 90] },
        ...{ algorithmType: 'AUTOMATIC', masks: new Map(masks) },
      };
    });
    await writeFile(seg, Buffer.from(encodePart10(createSegmentation(instances, segments))));
  }, 120_000);
  const measure = (...more: string[]) =>
    fewshotSam(['measure', '--image', CT_FOLDER, '--labels', seg, ...more]);

  testIf(hasScipy, SCIPY)('measures as scipy does, in HU', async () => {
    const { code, stdout } = await measure('--format', 'json');
    expect(code).toBe(0);
    const expected = measureWithScipy(seg, CT_FOLDER).map(one => ({
      ...{ label: one.label, number: one.number, unit: 'HU', voxels: one.voxels },
      ...{ volume_ml: expect.closeTo(one.volume, 6), slices: one.slices },
      longest_mm: expect.closeTo(one.longest, 6),
      perpendicular_mm: expect.closeTo(one.perpendicular, 6),
      ...{ mean: expect.closeTo(one.mean, 6), sd: expect.closeTo(one.deviation, 6) },
      slice: expect.any(Number),
    }));
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  testIf(hasScipy, SCIPY)('writes a report that refers to the segments', async () => {
    const report = file('report.dcm');
    const { code, stdout } = await measure(
      ...['--label', 'Aorta', '--format', 'sr', '--out', report],
    );
    expect(code).toBe(0);
    expect(stdout).toBe(`${report}: report on 1 structure\n`);
    const [group, ...others] = readReportWithPydicom(report).groups;
    expect(others).toEqual([]);
    const [, aorta] = measureWithScipy(seg, CT_FOLDER);
    expect(group['Referenced Segment']).toEqual([expect.any(String), 2]);
    expect(group.numbers[0].value).toBeCloseTo(aorta.volume, 6);
    if (hasDciodvfy) {
      expect(validate(report).filter(line => line.startsWith('Error'))).toEqual([]);
    }
  });

  it('refers to one segment at a time', async () => {
    const { code, stderr } = await measure(
      ...['--label', '1,2', '--format', 'sr', '--out', file('no.dcm')],
    );
    expect(code).toBe(1);
    expect(stderr).toContain('"Liver, Aorta" is 2 segments');
  });
});
