/**
 * Odd series as the command line reads them, against pydicom: every voxel and every position. The viewer
 * reads the same ones in test/browser/sameValues.spec.ts.
 */
import { execFile, spawnSync } from 'node:child_process';
import { copyFile, cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { seriesImages } from '../../dicom/src/series/readDicomSeriesNode';
import { readVolume } from '../../cli/src/volume/readVolumeNode';
import { worldPosition, type Volume } from '../../engine/src/geometry/volume';
import { writeOddSeries, type OddSeries } from '../browser/oddSeries';
import { hasPydicom, testIf } from './tools';

const run = promisify(execFile);
const PYTHON = '/usr/bin/python3';

jest.setTimeout(300_000);

let folder: string;
let series: OddSeries[];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'odd-'));
  series = writeOddSeries(folder, path.join(folder, 'together'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What pydicom reads, by series; all in one process, which takes longer to start than to read them. */
async function pydicom<T>(
  script: string,
  names: readonly string[],
): Promise<Map<string, Record<string, T>>> {
  const folders = names.map(name => path.join(folder, name));
  const { stdout } = await run(PYTHON, [script, ...folders], { maxBuffer: 2 ** 28 });
  const lines = stdout.trim().split('\n');
  return new Map(lines.map((line, i) => [names[i], JSON.parse(line)]));
}

async function read(name: string): Promise<{ volume: Volume; notes: string[]; keys: string[] }> {
  const notes: string[] = [];
  const location = path.join(folder, name);
  const volume = await readVolume(location, '--image', note => notes.push(note));
  const images = await seriesImages(location, '--image');
  return {
    volume,
    notes,
    keys: images.map(({ instance, frame = 1 }) => `${instance}#${frame}`),
  };
}

/**
 * Largest difference from pydicom, in units and in mm.
 *
 * @param values of each frame, base64 of 32-bit floats
 * @param positions of each frame, in mm
 */
function differences(
  { volume, keys }: { volume: Volume; keys: string[] },
  values: Record<string, string>,
  positions: Record<string, number[]>,
): { value: number; mm: number } {
  expect(keys).toHaveLength(Object.keys(values).length);
  const pixels = volume.size[0] * volume.size[1];
  let [value, mm] = [0, 0];
  keys.forEach((key, slice) => {
    const bytes = Buffer.from(values[key], 'base64');
    for (let i = 0; i < pixels; i++) {
      const found = volume.data[slice * pixels + i];
      value = Math.max(value, Math.abs(found - bytes.readFloatLE(4 * i)));
    }
    const found = worldPosition(volume, [0, 0, slice]);
    mm = Math.max(mm, ...positions[key].map((wanted, axis) => Math.abs(found[axis] - wanted)));
  });
  return { value, mm };
}

const LACKING = hasPydicom ? '' : ' (skipped: no python3-pydicom)';
const withPydicom = hasPydicom ? describe : describe.skip;
/** Debian: libgdcm-tools, dcmtk. */
const hasTool = (tool: string) => spawnSync(tool, ['--version']).error === undefined;

withPydicom(`odd series, as pydicom reads them${LACKING}`, () => {
  it('every voxel and position is the same', async () => {
    const readable = series.filter(({ refused }) => refused === undefined);
    expect(readable.length).toBeGreaterThan(20);
    const names = readable.map(({ name }) => name);
    const values = await pydicom<string>(path.join(__dirname, '../browser/readValues.py'), names);
    const positions = await pydicom<number[]>(path.join(__dirname, 'readPositions.py'), names);
    for (const { name, note } of readable) {
      const { notes, ...found } = await read(name);
      const difference = differences(found, values.get(name)!, positions.get(name)!);
      expect({ name, ...difference }).toEqual({ name, value: 0, mm: expect.closeTo(0, 4) });
      expect({ name, notes: notes.length }).toEqual({ name, notes: note === undefined ? 0 : 1 });
    }
  });
});

describe.each([
  ['JPEG 2000', 'gdcmconv', ['--j2k']],
  ['JPEG-LS', 'gdcmconv', ['--jpegls']],
  ['JPEG lossless', 'dcmcjpeg', ['+e1']],
  ['RLE', 'dcmcrle', []],
  ['big endian', 'dcmconv', ['+tb']],
  ['deflated', 'dcmconv', ['+td']],
  ['implicit', 'dcmconv', ['+ti']],
  ['no file meta information', 'dcmconv', ['-F']],
] as [string, string, string[]][])('%s', (name, tool, options) => {
  testIf(hasTool(tool), `${tool} (Debian: libgdcm-tools, dcmtk)`)(
    'is read like its uncompressed images',
    async () => {
      for (const source of ['plain CT', 'overlay bits, signed']) {
        const target = await mkdtemp(path.join(folder, 'encoded-'));
        for (const file of await readdir(path.join(folder, source))) {
          await run(tool, [...options, path.join(folder, source, file), path.join(target, file)]);
        }
        const [wanted, found] = [await read(source), await read(path.basename(target))];
        expect({ name, same: Buffer.compare(bytes(found.volume), bytes(wanted.volume)) }).toEqual({
          name,
          same: 0,
        });
        expect(found.keys).toEqual(wanted.keys);
      }
    },
  );
});

const bytes = ({ data }: Volume) => Buffer.from(data.buffer);

it('refuses what cannot be read right, and names the file', async () => {
  for (const { name } of series.filter(({ refused }) => refused !== undefined)) {
    const error = await read(name).then(
      () => null,
      (reason: Error) => reason,
    );
    expect({ name, message: error?.message }).toEqual({
      name,
      message: expect.stringMatching(/2\.25\.77\d+\.dcm/),
    });
  }
});

describe('a folder with a file that is not as it should be', () => {
  const NAMES = [0, 1, 2, 3, 4, 5].map(i => `IM${i}`);

  async function copyOf(source = 'plain CT'): Promise<string> {
    const target = await mkdtemp(path.join(folder, 'copy-'));
    const files = (await readdir(path.join(folder, source))).sort();
    for (const [i, file] of files.entries()) {
      await copyFile(path.join(folder, source, file), path.join(target, NAMES[i]));
    }
    return target;
  }
  const error = (location: string) =>
    readVolume(location, '--image').then(
      () => 'it was read',
      (reason: Error) => reason.message,
    );

  it.each([0, 3, 5])('names number %i where it is cut off anywhere', async number => {
    const target = await copyOf();
    const file = path.join(target, NAMES[number]);
    const whole = await readFile(file);
    for (const length of [0, 50, 140, 300, 500, whole.length - 100, whole.length - 1]) {
      await writeFile(file, whole.subarray(0, length));
      expect({ length, message: await error(target) }).toEqual({
        length,
        message: expect.stringContaining(`${NAMES[number]} cannot be read`),
      });
    }
  });

  it('names a link that leads nowhere', async () => {
    const target = await copyOf();
    await rm(path.join(target, 'IM5'));
    await symlink(path.join(target, 'gone'), path.join(target, 'IM5'));
    expect(await error(target)).toContain('IM5 cannot be read: the link is broken');
  });

  it('names both copies of a file', async () => {
    const target = await copyOf();
    await copyFile(path.join(target, 'IM2'), path.join(target, 'copy of IM2'));
    expect(await error(target)).toMatch(/(copy of )?IM2 and (copy of )?IM2 are the same image/);
  });

  it('names a slice of another series', async () => {
    const target = await copyOf();
    const [file] = await readdir(path.join(folder, 'MONOCHROME1'));
    await cp(path.join(folder, 'MONOCHROME1', file), path.join(target, 'stray'));
    expect(await error(target)).toContain('1 CT images of 24 x 20: stray');
  });

  it('ignores what is no image', async () => {
    const target = await copyOf();
    for (const name of ['README.txt', 'LICENSE', 'DICOMDIR', '.DS_Store', 'notes.pdf']) {
      await writeFile(path.join(target, name), 'no image');
    }
    expect((await readVolume(target, '--image')).size).toEqual([24, 20, 6]);
  });
});
