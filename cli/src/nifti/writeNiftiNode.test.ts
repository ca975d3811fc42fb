/** Masks beside their images, read by nibabel (Debian: python3-nibabel), which is not ours. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNifti } from './readNiftiNode';
import { AFFINE, testNifti, type TestNifti } from './testNifti';
import { worldPosition, type Volume } from 'fewshot-sam';
import { writeMaskNifti } from './writeNiftiNode';

const PYTHON = ['/usr/bin/python3', 'python3'].find(python => {
  try {
    execFileSync(python, ['-c', 'import nibabel'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (!PYTHON) console.warn('NIfTI masks: not compared with nibabel, which is not there.');
const withNibabel = PYTHON ? describe : describe.skip;

interface Seen {
  kind: string;
  affine: number[];
  sform: number[];
  qform: number[];
  codes: number[];
  pixdim: number[];
  units: number;
  dtype: string;
  shape: number[];
  scaling: number[];
  values: number[];
}

/** What nibabel says of each file. */
function nibabel(...files: string[]): Seen[] {
  const program = `
import sys, json, nibabel as nib, numpy as np
def seen(f):
    i = nib.load(f); h = i.header
    q = h.get_qform(coded=False) if np.isfinite(h['pixdim']).all() else np.zeros((4, 4))
    return dict(kind=type(i).__name__, affine=i.affine.ravel().tolist(),
        sform=h.get_sform(coded=False).ravel().tolist(), qform=q.ravel().tolist(),
        codes=[int(h['qform_code']), int(h['sform_code'])], pixdim=h['pixdim'][:4].tolist(),
        units=int(h['xyzt_units']), dtype=str(h.get_data_dtype()), shape=list(i.shape)[:3],
        scaling=[float(h['cal_min']), float(h['cal_max']), int(h['intent_code'])],
        values=np.asarray(i.dataobj).ravel(order='F').tolist())
print(json.dumps([seen(f) for f in sys.argv[1:]]))`;
  return JSON.parse(execFileSync(PYTHON!, ['-c', program, ...files], { encoding: 'utf8' }));
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nifti-mask-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const MASK = Uint8Array.of(0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1);
const QFORM = { qformCode: 1, quatern: [0.1, 0.2, 0.3], qoffset: [-10, -20, 30] };
const sheared = (by: number) => AFFINE.map((value, i) => (i === 6 ? by : value));
const KINDS: [string, TestNifti][] = [
  ['sform only', {}],
  ['qform only', { ...QFORM, sformCode: 0 }],
  ['both, apart', { ...QFORM, sformCode: 4 }],
  ['qfac -1', { ...QFORM, sformCode: 0, pixdim: [-1, 2, 3, 4, 1, 1, 1, 1] }],
  ['voxel size against the sform', { pixdim: [1, 1, 1, 1, 1, 1, 1, 1] }],
  ['NIfTI-2', { ...QFORM, version: 2, sformCode: 2 }],
  ['big endian', { ...QFORM, little: false }],
  ['micrometers', { units: 3, srow: AFFINE.map(value => value * 1000) }],
  ['seconds beside mm', { units: 10 }],
  ['nearly right angles', { srow: sheared(0.01) }],
  ['sheared', { srow: sheared(1) }],
  ['scaled', { slope: 0.5, inter: -1000 }],
];

withNibabel('writeMaskNifti and nibabel', () => {
  it.each(KINDS)('lies on its image in every form: %s', async (_what, given) => {
    const [imageFile, maskFile] = [path.join(folder, 'i.nii'), path.join(folder, 'm.nii.gz')];
    await writeFile(imageFile, testNifti(given));
    const image = await readNifti(imageFile, '--image', () => undefined, 'image');
    await writeMaskNifti(MASK, image, maskFile);
    const [of, mask] = nibabel(imageFile, maskFile);
    expect(mask).toEqual({ ...of, dtype: 'uint8', scaling: [0, 0, 0], values: [...MASK] });

    // And what we read is what nibabel reads.
    expect([...image.data]).toEqual(of.values);
    const micrometers = given.units === 3 ? 1000 : 1;
    const far = [1, 1, 2];
    const theirs = [0, 1, 2].map(
      row =>
        ((row < 2 ? -1 : 1) *
          (of.affine[4 * row + 3] +
            far.reduce((sum, index, axis) => sum + of.affine[4 * row + axis] * index, 0))) /
        micrometers,
    );
    worldPosition(image, far).forEach((value, row) =>
      expect(Math.abs(value - theirs[row])).toBeLessThan(
        _what === 'nearly right angles' ? 0.02 : 1e-5,
      ),
    );
  });

  it.each([
    ['as DICOM lies', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['turned', [-1, 0, 0, 0, 0.8, -0.6, 0, 0.6, 0.8]],
    ['half a turn about x', [1, 0, 0, 0, -1, 0, 0, 0, -1]],
    ['half a turn about z', [-1, 0, 0, 0, -1, 0, 0, 0, 1]],
    ['coronal', [1, 0, 0, 0, 0, 1, 0, -1, 0]],
    ['sagittal', [0, 0, -1, 1, 0, 0, 0, -1, 0]],
    ['mirrored', [-1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['sheared', [1, 0, 0, 0, 1, 0.6, 0, 0, 0.8]],
  ])('places a volume from DICOM: %s', async (what, direction) => {
    const geometry = {
      size: [2, 2, 3] as [number, number, number],
      spacing: [0.75, 0.5, 3] as [number, number, number],
      origin: [-10, 20, -804.5] as [number, number, number],
      direction,
    };
    const file = path.join(folder, 'dicom.nii');
    await writeMaskNifti(
      Uint16Array.from(MASK, value => value * 300),
      geometry,
      file,
    );
    const [seen] = nibabel(file);
    const affine = [0, 1, 2].flatMap(row => {
      const sign = row < 2 ? -1 : 1;
      return [
        ...[0, 1, 2].map(axis => sign * direction[3 * row + axis] * geometry.spacing[axis]),
        sign * geometry.origin[row],
      ];
    });
    const close = (found: number[], digits = 5) =>
      affine.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
    close(seen.affine);
    close(seen.sform);
    // Half a turn leaves two digits: readers take the quaternion's a from float32 b, c and d.
    if (what !== 'sheared') close(seen.qform, 2);
    expect(seen.codes).toEqual(what === 'sheared' ? [0, 1] : [1, 1]);
    expect(seen).toMatchObject({ dtype: 'uint16', units: 2, kind: 'Nifti1Image' });
    expect(seen.values).toEqual([...MASK].map(value => value * 300));
  });
});

describe('writeMaskNifti', () => {
  const geometry: Omit<Volume, 'data'> = {
    size: [2, 2, 3],
    spacing: [1, 1, 1],
    origin: [0, 0, 0],
    direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };

  it('writes the same bytes for the same mask, and compresses by the name', async () => {
    const own = await mkdtemp(path.join(folder, 'own-'));
    for (const name of ['a.nii', 'b.nii.gz', 'c.nii.gz']) {
      await writeMaskNifti(MASK, geometry, path.join(own, name));
    }
    const [a, b, c] = await Promise.all(
      ['a.nii', 'b.nii.gz', 'c.nii.gz'].map(name => readFile(path.join(own, name))),
    );
    expect(a.length).toBe(352 + 12);
    expect(b.subarray(0, 2)).toEqual(Buffer.of(0x1f, 0x8b));
    expect(b.equals(c)).toBe(true);
    expect(await readdir(own)).toHaveLength(3);
  });
});
