/** Single images: learned from some, found in others; files of several kinds and sizes. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { decode, encode } from 'fast-png';
import { writeArrayBuffer } from 'geotiff';
import jpeg from 'jpeg-js';
import { encodePart10 } from '../../dicom/src/data/encodePart10';
import { DATA, describeWith, fewshotSam } from './command';

/** Pink tissue with violet disks of about 9 pixels radius; their mask holds a number for each. */
function tissue(columns: number, rows: number, disks: readonly [x: number, y: number][]) {
  const rgb = new Uint8Array(3 * columns * rows);
  const mask = new Uint8Array(columns * rows);
  for (let i = 0; i < mask.length; i++) {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    mask[i] = disks.findIndex(([cx, cy]) => Math.hypot(x - cx, y - cy) < 9) + 1;
    const noise = 12 * Math.sin(x * 1.7 + y) * Math.cos(y * 0.9);
    const color = mask[i] ? [120, 60, 160] : [230, 170, 200];
    color.forEach((value, channel) => (rgb[3 * i + channel] = value + noise));
  }
  return { columns, rows, rgb, mask };
}

const IMAGES = {
  slide1: tissue(80, 64, [
    [20, 20],
    [56, 40],
  ]),
  slide2: tissue(72, 96, [
    [30, 25],
    [40, 70],
  ]),
  slide10: tissue(90, 70, [[45, 30]]),
};

/** The image as a photograph in DICOM. */
function frame({ columns, rows, rgb }: (typeof IMAGES)['slide1']): Uint8Array {
  return new Uint8Array(
    encodePart10({
      ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4', SOPInstanceUID: '1.2.3.4' },
      ...{ StudyInstanceUID: '1.2.3', SeriesInstanceUID: '1.2.3.1', Modality: 'XC' },
      ...{ Rows: rows, Columns: columns, SamplesPerPixel: 3, PhotometricInterpretation: 'RGB' },
      ...{ PlanarConfiguration: 0, BitsAllocated: 8, BitsStored: 8, HighBit: 7 },
      ...{ PixelRepresentation: 0, PixelData: [rgb.buffer], _vrMap: { PixelData: 'OB' } },
    }),
  );
}

let folder: string;
const file = (...names: string[]) => path.join(folder, ...names);
const maskPng = async (name: string) => decode(await readFile(file(name)));

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-images-'));
  for (const name of ['images', 'masks']) await mkdir(file(name));
  const { slide1, slide2, slide10 } = IMAGES;
  const png = { width: slide1.columns, height: slide1.rows, data: slide1.rgb, channels: 3 };
  await writeFile(file('images', 'slide1.png'), encode(png));
  const tiff = { width: slide2.columns, height: slide2.rows, PhotometricInterpretation: 2 };
  const written = await writeArrayBuffer(slide2.rgb, { ...tiff, SamplesPerPixel: 3 });
  await writeFile(file('images', 'slide2.tif'), new Uint8Array(written as ArrayBuffer));
  const rgba = new Uint8Array(4 * slide10.mask.length).fill(255);
  slide10.rgb.forEach((value, i) => (rgba[4 * Math.floor(i / 3) + (i % 3)] = value));
  const image = { width: slide10.columns, height: slide10.rows, data: rgba };
  await writeFile(file('images', 'slide10.jpg'), jpeg.encode(image, 95).data);
  for (const [name, { columns, rows, mask }] of Object.entries(IMAGES)) {
    const data = { width: columns, height: rows, data: mask, channels: 1 };
    await writeFile(file('masks', `${name}.png`), encode(data));
  }
  await mkdir(file('dicom'));
  await writeFile(file('dicom', 'frame.dcm'), frame(slide1));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const set = () => ['--image', file('images'), '--labels', file('masks')];
const quick = () => ['--iterations', '20', '--cache', file('cache')];

describeWith(['command', 'model'], 'fewshot-sam on single images', () => {
  it('segments the images that are no shots, and writes masks and outlines', async () => {
    const out = [...['--out', file('out'), '--overlays', file('shown')], '--evaluate'];
    const { code, stdout, stderr } = await fewshotSam([
      ...['segment', ...set(), '--shots', '0,slide2', ...out, '--json', '-', ...quick()],
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.not.stringContaining('rror') });
    const row = JSON.parse(stdout) as Record<string, number>;
    expect(row).toMatchObject({ id: 'structure', method: 'head', shots: 2, images: 1 });
    expect(row.per_image).toMatchObject([{ index: 2 }]);
    expect(row.dice).toBeGreaterThan(0.8);
    expect(await readdir(file('out'))).toEqual(['slide10.png']);
    const found = await maskPng('out/slide10.png');
    expect(found).toMatchObject({ width: 90, height: 70, depth: 8, channels: 1 });
    expect([...new Set(found.data)]).toEqual([0, 1]);
    const shown = await maskPng('shown/slide10.png');
    expect(shown).toMatchObject({ width: 90, height: 70, channels: 3 });
  }, 300_000);

  it('learns a task from images, for other images only', async () => {
    const task = file('cells.task');
    const fit = await fewshotSam([
      ...['fit', ...set(), '--shots', 'slide1,slide2', '--name', 'Cells', '--out', task],
      ...quick(),
    ]);
    expect(fit.code).toBe(0);
    expect(fit.stdout).toContain('Learned "Cells" from 2 images (method head, 20 iterations');
    const apply = await fewshotSam([
      ...['apply', task, '--image', file('images', 'slide10.jpg'), '--out', file('applied')],
      ...['--evaluate', '--labels', file('masks'), '--cache', file('cache')],
    ]);
    expect(apply.code).toBe(0);
    expect(apply.stdout).toMatch(/Found Cells in 1 of 1 images .*\n.*\n.*Dice 0\.[89]/);
    expect([...new Set((await maskPng('applied/slide10.png')).data)]).toEqual([0, 1]);
    // A folder of DICOM files is a volume, except for a task of images.
    const dicom = await fewshotSam([
      ...['apply', task, '--image', file('dicom'), '--out', file('frames'), '--json', '-'],
      ...['--cache', file('cache')],
    ]);
    expect(dicom.stderr).not.toContain('rror');
    expect(JSON.parse(dicom.stdout)).toMatchObject({ id: 'Cells', images: 1 });
    expect(await maskPng('frames/frame.png')).toMatchObject({ width: 80, height: 64 });
    const volume = path.join(DATA, 'mr3_cervical_cord');
    const [nifti] = (await readdir(volume).catch(() => [])).filter(name => name.endsWith('.gz'));
    if (nifti === undefined) return;
    const wrong = await fewshotSam([
      ...['apply', task, '--image', path.join(volume, nifti), '--json', '-'],
    ]);
    expect(wrong.stderr).toContain('was learned from single images');
  }, 300_000);

  it.each([
    [['--method', 'context', '--out', 'o'], 'single images have no neighbors. Use head'],
    [['--shots', '0,slide3', '--json', '-'], '--shots slide3 is not among the 3 images'],
    [['--json', '-'], 'All 3 images are labeled'],
    [['--shots', '0,1', '--label', '9', '--json', '-'], 'their masks hold 1, 2'],
  ])('refuses %s', async (more, message) => {
    const { code, stderr } = await fewshotSam(['segment', ...set(), ...more]);
    expect(code).toBeGreaterThan(0);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('never overwrites an image or a mask', async () => {
    const before = await readFile(file('masks', 'slide10.png'));
    for (const option of ['--out', '--overlays']) {
      const { code, stderr } = await fewshotSam([
        ...['segment', ...set(), '--shots', '0,1', option, file('masks')],
      ]);
      expect(code).toBe(1);
      expect(stderr).toContain('would overwrite');
    }
    expect(await readFile(file('masks', 'slide10.png'))).toEqual(before);
  });
});
