/** Formats of other programs in and out of the command: what one writes, the next one reads. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSegmentation } from '../../dicom/src/seg/readSegmentation';
import {
  createStructureSet,
  encodeStructureSet,
} from '../../dicom/src/structureSet/createStructureSet';
import { readStructureSet } from '../../dicom/src/structureSet/readStructureSet';
import { readFolder } from '../dicom/sources';
import { describeWith, fewshotSam } from './command';
import { writeNifti } from './syntheticVolume';

const DEMO_STUDY = path.resolve('.cache', 'demo-study');

/** A method that takes no model's time: what is tested is how results come in and go out. */
const FAST = ['--method', 'interpolate', '--shots', '4,8,12', '--cache', 'none'];
const STRUCTURE = 'Brain stem';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-formats-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const file = (name: string) => path.join(folder, name);

/** An RTSTRUCT with a ring that grows from slice to slice. */
async function writeRing(
  name: string,
  instances: Parameters<typeof createStructureSet>[0],
): Promise<void> {
  const { Rows, Columns } = instances[0];
  const [rows, columns] = [Number(Rows), Number(Columns)];
  const masks = new Map(
    instances.map((_, slice) => {
      const mask = Uint8Array.from({ length: rows * columns }, (_, i) => {
        const distance = Math.hypot(
          (i % columns) - columns / 2,
          Math.floor(i / columns) - rows / 2,
        );
        return Number(distance < 20 + slice && distance > 6);
      });
      return [slice, mask] as const;
    }),
  );
  const dataset = createStructureSet(instances, [
    { label: STRUCTURE, color: [255, 0, 0], algorithmType: 'MANUAL', masks },
  ]);
  await writeFile(name, Buffer.from(encodeStructureSet(dataset)));
}

async function segment(...args: string[]): Promise<string> {
  const { code, stderr } = await fewshotSam(['segment', ...FAST, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') });
  return stderr;
}

describeWith(['command', 'model'], 'fewshot-sam segment, between formats', () => {
  const isThere = existsSync(DEMO_STUDY);
  const test = isThere ? it : it.skip;
  const sources = () => readFolder(DEMO_STUDY).map(({ instance }) => instance);

  test('passes contours from one RTSTRUCT to the next, and to a SEG with the same voxels', async () => {
    const instances = sources();
    const drawn = file('drawn.dcm');
    await writeRing(drawn, instances);
    const ring = ['--image', DEMO_STUDY, '--labels', drawn, '--label', STRUCTURE];
    const contours = file('contours.dcm');
    await segment(...ring, '--out', contours, '--format', 'rtstruct');
    const again = file('again.dcm');
    await segment(
      ...['--image', DEMO_STUDY, '--labels', contours, '--label', STRUCTURE],
      ...['--out', again, '--format', 'rtstruct'],
    );
    const voxels = file('voxels.dcm');
    await segment(...ring, '--out', voxels);
    const { segments } = await readSegmentation(await readFile(voxels), instances);
    const [first, second] = await Promise.all(
      [contours, again].map(async name => readStructureSet(await readFile(name), instances)),
    );
    expect(first.rois.map(({ label }) => label)).toEqual([STRUCTURE]);
    const masks = first.rois[0].fill().masks;
    expect(masks.size).toBeGreaterThanOrEqual(9);
    expect(new Map([...masks].sort())).toEqual(new Map([...segments[0].masks].sort()));
    for (const shot of [4, 8, 12]) {
      expect(second.rois[0].fill().masks.get(shot)).toEqual(masks.get(shot));
    }
  }, 240_000);

  test('lists the names of an RTSTRUCT when one is wrong', async () => {
    const drawn = file('named.dcm');
    await writeRing(drawn, sources());
    const { code, stderr } = await fewshotSam(
      ['segment', ...FAST, '--image', DEMO_STUDY].concat(
        ['--labels', drawn, '--label', 'brainstem', '--out', file('no.dcm')],
        ['--format', 'rtstruct'],
      ),
    );
    expect(code).toBe(1);
    expect(stderr).toContain(STRUCTURE);
    expect(existsSync(file('no.dcm'))).toBe(false);
  }, 60_000);

  it('goes from NIfTI by way of .seg.nrrd back to NIfTI', async () => {
    const [image, labels] = [file('image.nii.gz'), file('labels.nii.gz')];
    const grid = {
      size: [40, 32, 16] as [number, number, number],
      spacing: [1, 1.5, 3] as [number, number, number],
      origin: [-20, -24, 0] as [number, number, number],
    };
    const isInside = (x: number, y: number, z: number) =>
      (x - 18) ** 2 + (y - 15) ** 2 <= (4 + z / 3) ** 2;
    await writeNifti(image, grid, (x, y, z) => (isInside(x, y, z) ? 150 : 20) + ((x * y) % 7));
    await writeNifti(labels, grid, (x, y, z) => (isInside(x, y, z) ? 3 : 0));
    const [slicer, nifti, straight] = ['a.seg.nrrd', 'b.nii', 'c.nii'].map(file);
    const given = ['--image', image, '--name', 'Vein'];
    await segment(...given, '--labels', labels, '--label', '3', '--out', slicer);
    expect((await readFile(slicer)).toString('latin1')).toContain('Segment0_Name:=Vein');
    await segment(...given, '--labels', slicer, '--label', 'Vein', '--out', nifti);
    await segment(...given, '--labels', labels, '--label', '3', '--out', straight);
    const voxels = async (name: string) => (await readFile(name)).subarray(352);
    const filled = (bytes: Uint8Array) => bytes.reduce((sum, value) => sum + Number(value > 0), 0);
    expect(filled(await voxels(nifti))).toBe(filled(await voxels(straight)));
    expect(filled(await voxels(nifti))).toBeGreaterThan(500);
  }, 120_000);

  it('needs DICOM images for RTSTRUCT', async () => {
    const image = file('no-dicom.nii.gz');
    await writeNifti(image, { size: [8, 8, 16], spacing: [1, 1, 1], origin: [0, 0, 0] }, x =>
      Number(x > 3),
    );
    const { code, stderr } = await fewshotSam(
      ['segment', ...FAST, '--image', image, '--labels', image, '--label', '1'].concat(
        ['--out', file('never.dcm')],
        ['--format', 'rtstruct'],
      ),
    );
    expect(code).toBe(1);
    expect(stderr).toMatch(/^--out .*RTSTRUCT.*\nGive --image as/);
  }, 60_000);
});
