import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readNifti, type VolumeUse } from './readNiftiNode';
import { AFFINE, testNifti, type TestNifti } from './testNifti';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'nifti-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function readFileOf(bytes: Uint8Array, name = 'Doe^Jane.nii', use: VolumeUse = 'image') {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  const notes: string[] = [];
  const volume = await readNifti(file, '--image', note => notes.push(note), use);
  return { ...volume, values: [...volume.data], notes };
}
const read = (given: TestNifti = {}, use: VolumeUse = 'image') =>
  readFileOf(testNifti(given), undefined, use);

const UP_TO_11 = Array.from({ length: 12 }, (_, i) => i);
/** AFFINE in DICOM's axes. */
const PLACE = {
  size: [2, 2, 3],
  spacing: [2, 3, 4],
  origin: [10, 20, 30],
  direction: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
};
const moved = (affine: readonly number[], x: number) =>
  affine.map((value, i) => (i === 3 ? value + x : value));
const close = (found: readonly number[], wanted: readonly number[], digits = 5) => {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, digits));
};

describe('readNifti: voxels', () => {
  it.each([2, 4, 8, 16, 64, 256, 512, 768, 1024, 1280].map(datatype => [datatype]))(
    'reads data type %i in both byte orders and versions',
    async datatype => {
      for (const version of [1, 2] as const) {
        for (const little of [true, false]) {
          const volume = await read({ datatype, version, little });
          expect(volume).toMatchObject({ ...PLACE, values: UP_TO_11, notes: [] });
        }
      }
    },
  );

  it.each([
    [4, [-32768, 32767]],
    [8, [-2147483648, 16777216]],
    [256, [-128, 127]],
    [512, [0, 65535]],
    [768, [0, 4294967295]],
    [1024, [-5n, 2n ** 40n]],
    [64, [-1.5, 1e10]],
  ] as [number, (number | bigint)[]][])(
    'reads the range of data type %i',
    async (datatype, some) => {
      const values = [...some, ...UP_TO_11.slice(2)];
      expect((await read({ datatype, values })).values.slice(0, 2)).toEqual(
        some.map(value => Math.fround(Number(value))),
      );
    },
  );

  it('reads gzip or not, whatever the name', async () => {
    const plain = testNifti();
    const zipped = gzipSync(plain);
    for (const [bytes, name] of [
      [plain, 'a.nii'],
      [zipped, 'b.nii.gz'],
      [zipped, 'c.nii'],
      [plain, 'd.nii.gz'],
      [zipped, 'E.NII.GZ'],
    ] as const) {
      expect(await readFileOf(bytes, name)).toMatchObject({
        ...PLACE,
        values: UP_TO_11,
        notes: [],
      });
    }
  });

  it('reads a pair of .hdr and .img, given either', async () => {
    const whole = testNifti({ magic: 'ni1\0', voxOffset: 0 });
    await writeFile(path.join(folder, 'pair.img'), whole.subarray(352));
    const header = whole.subarray(0, 348);
    expect(await readFileOf(header, 'pair.hdr')).toMatchObject({ ...PLACE, values: UP_TO_11 });
    await writeFile(path.join(folder, 'other.hdr'), header);
    const zipped = gzipSync(whole.subarray(352));
    expect((await readFileOf(zipped, 'other.img.gz')).values).toEqual(UP_TO_11);
  });

  it.each<[string, TestNifti]>([
    ['vox_offset 0: right after the header', { voxOffset: 0 }],
    ['vox_offset 0 of version 2', { version: 2, voxOffset: 0 }],
    ['an extension before the voxels', { gap: 36 }],
    ['an odd offset', { gap: 7 }],
    ['four dimensions of one volume', { dim: [4, 2, 2, 3, 1, 1, 1, 1] }],
    ['five dimensions of one volume', { dim: [5, 2, 2, 3, 1, 1, 1, 1] }],
    ['sizes beyond the dimensions that count', { dim: [3, 2, 2, 3, 0, 9, -1, 0] }],
    ['a slope of NaN', { slope: NaN, inter: NaN }],
    ['a slope of 0', { slope: 0 }],
  ])('reads %s', async (_what, given) => {
    expect(await read(given)).toMatchObject({ ...PLACE, values: UP_TO_11, notes: [] });
  });

  it('scales: slope and intercept', async () => {
    expect((await read({ slope: 0.5, inter: -3 })).values).toEqual(UP_TO_11.map(v => v / 2 - 3));
  });

  it.each<[string, TestNifti, string]>([
    ['an intercept without a slope', { slope: 0, inter: 7 }, 'intercept 7 with a slope of 0'],
    ['a longer file', { length: 352 + 24 + 10 }, '10 bytes longer than its header says'],
    ['wrong bits per voxel', { bitpix: 8 }, 'int16 (16 bits) and 8 bits per voxel'],
  ])('says what it makes of %s', async (_what, given, note) => {
    const { values, notes } = await read(given);
    expect(values).toEqual(UP_TO_11);
    expect(notes).toEqual([expect.stringContaining(note)]);
    expect(notes[0]).toMatch(/^--image /);
    expect(notes[0]).not.toContain('Jane');
  });
});

describe('readNifti: position', () => {
  const QFORM = { qformCode: 1, quatern: [0, 0, 0], qoffset: [-10, -20, 30] };

  it.each<[string, TestNifti]>([
    ['the qform alone', { ...QFORM, sformCode: 0, srow: AFFINE.map(() => 0) }],
    ['both, alike', QFORM],
    ['a sform of code 2 alone', { sformCode: 2 }],
    ['an unknown unit, as mm', { units: 0 }],
    ['a unit of time beside', { units: 10 }],
  ])('reads %s', async (_what, given) => {
    expect(await read(given)).toMatchObject({ ...PLACE, notes: [] });
  });

  it.each([1, 2, 3, 4])(
    'takes a sform of code %i before another qform, and says so',
    async code => {
      const volume = await read({ ...QFORM, sformCode: code, srow: moved(AFFINE, 30) });
      expect(volume.origin).toEqual([-20, 20, 30]);
      expect(volume.notes).toEqual([expect.stringContaining('differ by up to 30.0 mm')]);
    },
  );

  it('takes the spacing from the sform, not from pixdim, and says so', async () => {
    const volume = await read({ pixdim: [1, 1, 1, 1, 1, 1, 1, 1] });
    expect(volume.spacing).toEqual([2, 3, 4]);
    expect(volume.notes).toEqual([
      expect.stringContaining('2 x 3 x 4 mm by its sform, and of 1 x 1 x 1'),
    ]);
  });

  it.each([0, -2, NaN])('reads a good sform beside a voxel size of %p', async size => {
    expect(await read({ pixdim: [1, size, 3, 4, 1, 1, 1, 1] })).toMatchObject(PLACE);
  });

  it('turns and mirrors by the quaternion and qfac', async () => {
    // 90 degrees about z, third axis to the feet.
    const half = Math.SQRT1_2;
    const { origin, direction, spacing } = await read({
      ...QFORM,
      sformCode: 0,
      quatern: [0, 0, half],
      pixdim: [-1, 2, 3, 4, 1, 1, 1, 1],
    });
    close(spacing, [2, 3, 4]);
    close(origin, [10, 20, 30]);
    close(direction, [0, 1, 0, -1, 0, 0, 0, 0, -1]);
  });

  it('goes by the voxel size where no form is there, and says so', async () => {
    const volume = await read({ sformCode: 0 });
    expect(volume).toMatchObject({ ...PLACE, origin: [0, 0, 0] });
    expect(volume.notes).toEqual([expect.stringContaining('has no orientation')]);
  });

  it('takes the qform where the sform is empty, and says so', async () => {
    const volume = await read({ ...QFORM, srow: AFFINE.map(() => 0) });
    expect(volume).toMatchObject(PLACE);
    expect(volume.notes).toEqual([expect.stringContaining('no valid sform; its qform was used')]);
  });

  it.each([
    [1, 'meters', 0.001],
    [3, 'micrometers', 1000],
  ])('converts unit %i (%s) to mm', async (units, word, factor) => {
    const volume = await read({
      units,
      srow: AFFINE.map(value => value * factor),
      pixdim: [1, 2, 3, 4, 1, 1, 1, 1].map((value, i) => (i > 0 && i < 4 ? value * factor : value)),
    });
    close(volume.spacing, PLACE.spacing);
    close(volume.origin, PLACE.origin);
    expect(volume.notes).toEqual([expect.stringContaining(word)]);
  });

  it('rounds axes that are nearly at right angles, and says by how much', async () => {
    const srow = [...AFFINE];
    srow[1] = 0.015;
    const { direction, origin, notes } = await read({
      srow,
      dim: [3, 20, 20, 3, 1, 1, 1, 1],
      values: Array.from({ length: 1200 }, () => 0).fill(1, 5),
    });
    const column = (axis: number) => [0, 1, 2].map(row => direction[3 * row + axis]);
    const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
    expect(dot(column(0), column(1))).toBeCloseTo(0, 12);
    expect(dot(column(0), column(0))).toBeCloseTo(1, 12);
    expect(Math.hypot(origin[0] - 10, origin[1] - 20)).toBeLessThan(0.15);
    expect(notes).toEqual([expect.stringMatching(/right angles; .* by 0\.\d+ mm/)]);
  });

  it('reads sheared axes as they lie, and says so', async () => {
    const srow = [...AFFINE];
    srow[6] = 1;
    const { direction, spacing, notes } = await read({ srow });
    close([spacing[2]], [Math.sqrt(17)]);
    close([direction[2], direction[5], direction[8]], [0, -1 / Math.sqrt(17), 4 / Math.sqrt(17)]);
    expect(notes.join()).toContain('sheared: its axes are 14.0 degrees off');
  });
});

describe('readNifti: values that are no numbers', () => {
  const values = (...some: number[]) => [...some, ...UP_TO_11.slice(some.length)];

  it('keeps NaN of an image out of the percentiles, below all others, and says so', async () => {
    const volume = await read({ datatype: 16, values: values(0, NaN, NaN, Infinity) });
    expect(volume.values.slice(0, 4)).toEqual([0, -Infinity, -Infinity, Infinity]);
    expect(volume.notes).toEqual([
      expect.stringContaining('NaN at 2, Infinity at 1 of 12 voxels, first at (1, 0, 0)'),
    ]);
  });

  it('takes NaN in labels for background, and says so', async () => {
    const volume = await read({ datatype: 16, values: values(3, NaN) }, 'labels');
    expect(volume.values.slice(0, 3)).toEqual([3, 0, 2]);
    expect(volume.notes).toEqual([expect.stringContaining('NaN at 1 of 12')]);
  });

  it.each<[string, TestNifti, number[]]>([
    [
      '255 * (1/255)',
      { datatype: 2, slope: 1 / 255, values: [0, 255, ...Array(10).fill(0)] },
      [0, 1],
    ],
    ['125 * 0.04', { datatype: 2, slope: 0.04, values: [0, 125, ...Array(10).fill(0)] }, [0, 5]],
    ['2.999999', { datatype: 16, values: values(2.999999, 3.000001) }, [3, 3]],
  ])('rounds labels of %s', async (_what, given, first) => {
    const { values: found, notes } = await read(given, 'labels');
    expect(found.slice(0, 2)).toEqual(first);
    expect(notes).toEqual([]);
  });

  it.each<[string, TestNifti, string]>([
    ['a probability', { datatype: 16, values: values(0, 0.53125) }, '0.53125 at voxel (1, 0, 0)'],
    ['infinity', { datatype: 16, values: values(Infinity) }, 'Infinity at voxel (0, 0, 0)'],
    ['a value beyond float32', { datatype: 8, values: values(16777217) }, '16777217 at voxel'],
  ])('refuses labels of %s', async (_what, given, message) => {
    await expect(read(given, 'labels')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining(message),
    });
  });
});

describe('readNifti refuses', () => {
  const half = gzipSync(Buffer.alloc(9999, 'abcdefghi')).subarray(0, 40);
  it.each<[string, Uint8Array, string, string]>([
    ['text', Buffer.from('hello'.repeat(100)), 'bad-input', 'not a NIfTI file'],
    ['an empty file', Buffer.alloc(0), 'bad-input', 'is empty'],
    ['truncated gzip', half, 'bad-input', 'cannot be decompressed'],
    ['Analyze', testNifti({ magic: '\0\0\0\0' }), 'bad-input', 'Analyze 7.5'],
    ['a lone header', testNifti({ magic: 'ni1\0' }), 'bad-input', 'only the header'],
    ['too few bytes', testNifti({ length: 360 }), 'bad-input', 'truncated: 360 bytes of 376'],
    [
      'terabytes',
      testNifti({ dim: [3, 32767, 32767, 32767, 1, 1, 1, 1] }),
      'bad-input',
      'truncated',
    ],
    [
      'exabytes',
      testNifti({ version: 2, dim: [3, 2 ** 40, 2 ** 40, 9, 1, 1, 1, 1], values: [1] }),
      'bad-input',
      'truncated',
    ],
    [
      'a time series',
      testNifti({ dim: [4, 2, 2, 3, 20, 1, 1, 1] }),
      'bad-geometry',
      '4 dimensions (2 x 2 x 3 x 20)',
    ],
    [
      'colors in the fifth dimension',
      testNifti({ dim: [5, 2, 2, 3, 1, 3, 1, 1] }),
      'bad-geometry',
      '2 x 2 x 3 x 1 x 3',
    ],
    ['one slice', testNifti({ dim: [3, 2, 2, 1, 1, 1, 1, 1] }), 'bad-geometry', 'single slice'],
    ['a 2D image', testNifti({ dim: [2, 2, 2, 1, 1, 1, 1, 1] }), 'bad-geometry', 'single slice'],
    ['a negative size', testNifti({ dim: [3, 2, -2, 3, 1, 1, 1, 1] }), 'bad-input', 'invalid'],
    ['no dimensions', testNifti({ dim: [0, 2, 2, 3, 1, 1, 1, 1] }), 'bad-input', 'invalid'],
    ['300 dimensions', testNifti({ dim: [300, 2, 2, 3, 1, 1, 1, 1] }), 'bad-input', 'invalid'],
    ['RGB', testNifti({ datatype: 128, bitpix: 24 }), 'bad-input', 'RGB colors'],
    ['RGBA', testNifti({ datatype: 2304, bitpix: 32 }), 'bad-input', 'RGBA colors'],
    ['complex64', testNifti({ datatype: 32, bitpix: 64 }), 'bad-input', 'complex64'],
    ['complex128', testNifti({ datatype: 1792 }), 'bad-input', 'complex128'],
    ['float128', testNifti({ datatype: 1536 }), 'bad-input', 'float128'],
    ['bits', testNifti({ datatype: 1, bitpix: 1 }), 'bad-input', 'single bits'],
    ['an unknown type', testNifti({ datatype: 99 }), 'bad-input', 'NIfTI data type 99'],
    [
      'bits per voxel and a length that fit neither',
      testNifti({ bitpix: 8, length: 380 }),
      'bad-input',
      'int16 (16 bits) and 8 bits',
    ],
    ['voxels inside the header', testNifti({ voxOffset: 348 }), 'bad-input', 'begin at byte 348'],
    ['an offset of NaN', testNifti({ voxOffset: NaN }), 'bad-input', 'begin at byte NaN'],
    ['an offset beyond the end', testNifti({ voxOffset: 5000 }), 'bad-input', 'truncated'],
    ['a slope without an intercept', testNifti({ inter: NaN }), 'bad-input', 'no valid intercept'],
    ['an empty sform', testNifti({ srow: AFFINE.map(() => 0) }), 'bad-geometry', 'no valid sform'],
    ['a sform of NaN', testNifti({ srow: AFFINE.map(() => NaN) }), 'bad-geometry', 'valid sform'],
    [
      'a qform of no voxel size',
      testNifti({ sformCode: 0, qformCode: 1, pixdim: [1, 0, 3, 4, 1, 1, 1, 1] }),
      'bad-geometry',
      'no valid qform (voxel size 0 x 3 x 4)',
    ],
    [
      'a quaternion that is none',
      testNifti({ sformCode: 0, qformCode: 1, quatern: [1, 1, 1] }),
      'bad-geometry',
      'no valid qform',
    ],
    [
      'a voxel size of NaN and no form',
      testNifti({ sformCode: 0, pixdim: [1, 2, NaN, 4, 1, 1, 1, 1] }),
      'bad-geometry',
      'voxel size 2 x NaN x 4',
    ],
    [
      'a negative voxel size and no form',
      testNifti({ sformCode: 0, pixdim: [1, -2, 3, 4, 1, 1, 1, 1] }),
      'bad-geometry',
      'voxel size -2 x 3 x 4',
    ],
    [
      'integers beyond 2^53',
      testNifti({ datatype: 1024, values: [0n, 2n ** 53n + 1n, ...UP_TO_11.slice(2)] }),
      'bad-input',
      '9007199254740993 at voxel (1, 0, 0)',
    ],
    [
      'an image of NaN alone',
      testNifti({ datatype: 16, values: Array(12).fill(NaN) }),
      'bad-input',
      'holds no numbers (NaN at 12 of 12',
    ],
  ])('%s', async (_what, bytes, code, message) => {
    await expect(readFileOf(bytes)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
      remedy: expect.stringMatching(/\w/),
    });
  });

  it('half of a pair', async () => {
    const header = testNifti({ magic: 'ni1\0' }).subarray(0, 348);
    await expect(readFileOf(header, 'lonely.hdr')).rejects.toMatchObject({
      message: expect.stringContaining('no lonely.img beside it'),
    });
  });
});
