/**
 * ITK's WebAssembly modules are ES modules that Jest cannot load here, so each test runs the real
 * reader and writer in a Node process of its own.
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { enhancedFile } from '../../../test/dicom/enhancedFile';

const root = path.resolve(__dirname, '../../..');

interface Summary {
  size?: number[];
  spacing?: number[];
  origin?: number[];
  direction?: number[];
  values?: number[];
  code?: string;
  message?: string;
}

/** Runs a program of the volume folder and gives what it prints as JSON. */
async function runNode<T>(program: string, ...args: string[]): Promise<T> {
  const code = `
    import { createHash } from 'node:crypto';
    import { readVolume } from './cli/src/volume/readVolumeNode.ts';
    import { writeMaskNifti } from './cli/src/nifti/writeNiftiNode.ts';
    const args = process.argv.slice(1);
    const summary = async location => {
      try {
        const { data, ...geometry } = await readVolume(location, '--image');
        return { ...geometry, values: Array.from(data.subarray(0, 12)) };
      } catch (error) {
        return { code: error.code, message: error.message };
      }
    };
    const result = await (async () => { ${program} })();
    process.stdout.write('\\n' + JSON.stringify(result));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', code, '--', ...args],
    { cwd: root },
  );
  return JSON.parse(stdout.slice(stdout.lastIndexOf('\n')));
}

const read = (...locations: string[]) =>
  runNode<Summary[]>(
    'const all = []; for (const l of args) all.push(await summary(l)); return all;',
    ...locations,
  );

/** One DICOM element, explicit VR little endian, of the VRs with a 16-bit length. */
function element(group: number, number: number, vr: string, value: string | number): Buffer {
  let bytes: Buffer;
  if (typeof value === 'number') {
    bytes = Buffer.alloc(2);
    bytes.writeUInt16LE(value);
  } else {
    bytes = Buffer.from(value.length % 2 ? `${value}${vr === 'UI' ? '\0' : ' '}` : value);
  }
  const head = Buffer.alloc(8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4);
  head.writeUInt16LE(bytes.length, 6);
  return Buffer.concat([head, bytes]);
}

/** A CT image of 3 x 2 pixels that hold `value`, `value + 1` ... before the rescale of -1000. */
function dicom(z: number, value: number, series = '2.25.1'): Buffer {
  const meta = Buffer.concat([
    element(2, 2, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    element(2, 3, 'UI', `2.25.9${value}`),
    element(2, 16, 'UI', '1.2.840.10008.1.2.1'),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(meta.length);
  const pixels = Buffer.from(Uint16Array.from({ length: 6 }, (_, i) => value + i).buffer);
  const pixelHead = Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x57, 0, 0, pixels.length, 0, 0, 0]);
  return Buffer.concat([
    Buffer.alloc(128),
    Buffer.from('DICM'),
    Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0]),
    length,
    meta,
    element(8, 0x16, 'UI', '1.2.840.10008.5.1.4.1.1.2'),
    element(8, 0x18, 'UI', `2.25.9${value}`),
    element(8, 0x60, 'CS', 'CT'),
    element(0x10, 0x10, 'PN', 'Secret^Name'),
    element(0x20, 0xd, 'UI', '2.25.7'),
    element(0x20, 0xe, 'UI', series),
    element(0x20, 0x13, 'IS', String(value)),
    element(0x20, 0x32, 'DS', `-10\\-20\\${z}`),
    element(0x20, 0x37, 'DS', '1\\0\\0\\0\\1\\0'),
    element(0x28, 2, 'US', 1),
    element(0x28, 4, 'CS', 'MONOCHROME2'),
    element(0x28, 0x10, 'US', 2),
    element(0x28, 0x11, 'US', 3),
    element(0x28, 0x30, 'DS', '0.5\\0.75'),
    element(0x28, 0x100, 'US', 16),
    element(0x28, 0x101, 'US', 16),
    element(0x28, 0x102, 'US', 15),
    element(0x28, 0x103, 'US', 0),
    element(0x28, 0x1052, 'DS', '-1000'),
    element(0x28, 0x1053, 'DS', '1'),
    pixelHead,
    pixels,
  ]);
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'volumes-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function dicomFolder(name: string, files: Buffer[]): Promise<string> {
  const target = path.join(folder, name);
  await mkdir(target);
  await Promise.all(files.map((file, i) => writeFile(path.join(target, `${i}.dcm`), file)));
  return target;
}

describe('readVolume', () => {
  it('reads a DICOM folder sorted by position, in Hounsfield units, and ignores other files', async () => {
    const series = await dicomFolder('series', [dicom(4, 300), dicom(0, 100), dicom(2, 200)]);
    await writeFile(path.join(series, 'notes.txt'), 'not an image');
    const [volume] = await read(series);
    expect(volume).toEqual({
      size: [3, 2, 3],
      spacing: [0.75, 0.5, 2],
      origin: [-10, -20, 0],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      values: [100, 101, 102, 103, 104, 105, 200, 201, 202, 203, 204, 205].map(v => v - 1000),
    });
  });

  it('reads an enhanced multi-frame image like its slices, each frame with its own rescale', async () => {
    const slices = [dicom(4, 300), dicom(0, 100), dicom(2, 200)];
    const file = enhancedFile(slices, frame => ({ slope: frame + 0.5, intercept: -10 * frame }));
    const [single, enhanced] = await read(
      await dicomFolder('single', slices),
      await dicomFolder('enhanced', [Buffer.from(file)]),
    );
    const stored = single.values!.map(value => value + 1000);
    expect(enhanced).toEqual({
      ...single,
      values: stored.map((value, i) => (i < 6 ? 1.5 * value - 10 : 2.5 * value - 20)),
    });
  });

  it('refuses an enhanced multi-frame image that was cut off', async () => {
    const file = Buffer.from(enhancedFile([dicom(0, 100), dicom(2, 200)]));
    const [result] = await read(await dicomFolder('cut', [file.subarray(0, file.length - 8)]));
    expect(result).toEqual({
      code: 'bad-input',
      message: expect.stringContaining('0.dcm cannot be read: it is cut off'),
    });
  });

  it('says what is wrong, and no patient’s name', async () => {
    const two = await dicomFolder('two', [dicom(0, 1), dicom(2, 2), dicom(4, 3, '2.25.2')]);
    const none = await dicomFolder('none', [Buffer.from('no image')]);
    const text = path.join(folder, 'text.nii');
    await writeFile(text, 'hello'.repeat(200));
    const halfZip = path.join(folder, 'half.nii.gz');
    await writeFile(halfZip, gzipSync(Buffer.alloc(10000, 'abcdefghi')).subarray(0, 40));
    const other = path.join(folder, 'image.tif');
    await writeFile(other, 'x');

    const results = await read(two, none, text, halfZip, other, path.join(folder, 'absent'));
    const expected = [
      ['bad-input', '2 series'],
      ['bad-input', '0.dcm cannot be read: it is not a DICOM file'],
      ['bad-input', 'not a NIfTI file'],
      ['bad-input', 'cannot be decompressed'],
      ['bad-input', 'not a NIfTI file (.nii or .nii.gz)'],
      ['bad-input', 'does not exist'],
    ];
    results.forEach((result, i) => {
      expect(result).toEqual({
        code: expected[i][0],
        message: expect.stringContaining(expected[i][1]),
      });
      expect(result.message).toMatch(/^--image /);
      expect(result.message).not.toContain('Secret');
    });
  });
});

describe('writeMaskNifti', () => {
  it('writes what is read back: mask and oblique geometry', async () => {
    const file = path.join(folder, 'mask.nii.gz');
    const [c, s] = [0.8, 0.6];
    const geometry = {
      size: [2, 3, 2],
      spacing: [0.75, 0.5, 3],
      origin: [-10, 20, -804.5],
      direction: [-1, 0, 0, 0, c, -s, 0, s, c].map(value => value + 0),
    };
    const mask = [0, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1];
    const back = await runNode<Summary>(
      `const [file, geometry, mask] = args;
       await writeMaskNifti(Uint8Array.from(JSON.parse(mask)), JSON.parse(geometry), file);
       return summary(file);`,
      file,
      JSON.stringify(geometry),
      JSON.stringify(mask),
    );
    expect(back.values).toEqual(mask);
    expect(back.size).toEqual(geometry.size);
    const close = (found: number[] | undefined, wanted: number[]) =>
      wanted.forEach((value, i) => expect(found?.[i]).toBeCloseTo(value, 5));
    close(back.spacing, geometry.spacing);
    close(back.origin, geometry.origin);
    close(back.direction, geometry.direction);
    // Compressed, and nothing else is left in the folder.
    expect((await readFile(file)).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect((await readdir(folder)).filter(name => name.startsWith('.'))).toEqual([]);
  });

  it('writes values above 255 in 16 bits', async () => {
    const back = await runNode<Summary>(
      `await writeMaskNifti(Uint16Array.of(0, 300, 512, 65535), { size: [2, 1, 2], spacing: [1, 1, 1],
         origin: [0, 0, 0], direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] }, args[0]);
       return summary(args[0]);`,
      path.join(folder, 'wide.nii'),
    );
    expect(back.values).toEqual([0, 300, 512, 65535]);
  });

  it('says when the folder is not there', async () => {
    const result = await runNode<Summary>(
      `try {
         await writeMaskNifti(new Uint8Array(1), { size: [1, 1, 1], spacing: [1, 1, 1], origin: [0, 0, 0],
           direction: [1, 0, 0, 0, 1, 0, 0, 0, 1] }, args[0]);
       } catch (error) { return { code: error.code, message: error.message }; }`,
      path.join(folder, 'no', 'mask.nii'),
    );
    expect(result).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('could not be written'),
    });
  });
});

const data = path.resolve(root, '../shared/data');
const withData = existsSync(data) ? describe : describe.skip;
if (!existsSync(data)) console.warn('Real volumes: skipped, ../shared/data is not there.');

withData('real volumes', () => {
  it('reads a JPEG 2000 DICOM series from feet to head with its true slice spacing', async () => {
    const [image, labels] = await read(
      path.join(data, 'ct2_upper_abdomen_dicom/dicom'),
      path.join(data, 'ct2_upper_abdomen_dicom/labels.nii.gz'),
    );
    expect(image).toMatchObject({
      size: [512, 512, 20],
      spacing: [0.9765625, 0.9765625, 2],
      origin: [-249.51171875, -437.51171875, -804.5],
      direction: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    });
    // The same place in another voxel order: rows run to the front.
    expect(labels.size).toEqual([512, 512, 20]);
    expect(labels.origin).toEqual([-249.51171875, 61.51171875, -804.5]);
  });

  it('reads JPEG 2000 frames of an enhanced image like the files that they come from', async () => {
    const series = path.join(data, 'ct2_upper_abdomen_dicom/dicom');
    const names = (await readdir(series)).filter(name => name.endsWith('.dcm'));
    const slices = await Promise.all(names.map(name => readFile(path.join(series, name))));
    const target = await dicomFolder('jpeg2000', [Buffer.from(enhancedFile(slices.reverse()))]);
    const [single, enhanced] = await runNode<Summary[]>(
      `const all = [];
       for (const location of args) {
         const { data, ...geometry } = await readVolume(location, '--image');
         const hash = createHash('sha256').update(data).digest('hex');
         all.push({ ...geometry, hash });
       }
       return all;`,
      series,
      target,
    );
    expect(enhanced).toEqual(single);
  });

  it('refuses a truncated copy that ITK alone would read as zeros', async () => {
    const whole = await readFile(path.join(data, 'ct1_torso_3mm/image.nii.gz'));
    const half = path.join(folder, 'truncated.nii.gz');
    await writeFile(half, whole.subarray(0, 40000));
    const [result] = await read(half);
    expect(result).toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('decompressed'),
    });
  });
});
