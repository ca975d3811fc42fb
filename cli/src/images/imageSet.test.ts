import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { isPictures, listImages, readImage } from './imageSet';
import { listMasks, readMask } from './masks';

let folder: string;
const file = (...names: string[]) => path.join(folder, ...names);
const png = (values: number[], width: number, channels = 1) =>
  encode({
    ...{ width, height: values.length / width / channels, channels },
    data: Uint8Array.from(values),
  });

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-images-'));
  for (const name of ['images', 'masks', 'volume', 'twice']) await mkdir(file(name));
  for (const name of ['cell10', 'cell2', 'Cell1']) {
    await writeFile(file('images', `${name}.png`), png([0, 50, 100, 200], 2));
  }
  await writeFile(file('images', 'color.jpg.png'), png([255, 0, 0, 0, 0, 255], 2, 3));
  await writeFile(file('images', 'notes.txt'), 'not an image');
  await writeFile(file('masks', 'cell2.png'), png([0, 7, 7, 9], 2));
  await writeFile(file('masks', 'cell10.png'), png([0, 7], 2));
  await writeFile(file('masks', 'color.jpg.png'), png([0, 1, 2, 3, 4, 5], 2, 3));
  await writeFile(file('volume', 'a.dcm'), '');
  for (const name of ['a.png', 'a.tif']) await writeFile(file('twice', name), '');
});
afterAll(() => rm(folder, { recursive: true }));

it('lists images in the natural order of names', async () => {
  expect(await isPictures(file('images'))).toBe(true);
  expect(await isPictures(file('volume'))).toBe(false);
  expect(await isPictures('absent.nii.gz')).toBe(false);
  const listed = await listImages([file('images')], '--image');
  expect(listed.map(({ stem }) => stem)).toEqual(['Cell1', 'cell2', 'cell10', 'color.jpg']);
});

it.each([
  ['absent', 'does not exist'],
  ['masks/absent.png', 'does not exist'],
  ['twice', 'have one name'],
])('refuses %s: it %s', (name, message) =>
  expect(listImages([file(name)], '--image')).rejects.toThrow(message),
);

it('reads brightness, and colors where there are some', async () => {
  const [gray, , , color] = await listImages([file('images')], '--image');
  const { slice } = await readImage(gray, 4, '--image');
  expect(slice).toMatchObject({ rows: 2, columns: 2, rowSpacing: 1, columnSpacing: 1, index: 4 });
  expect([...slice.pixels]).toEqual([0, 50, 100, 200]);
  expect(slice.color).toBeUndefined();
  const red = (await readImage(color, 0, '--image')).slice;
  expect(red.color?.map(plane => [...plane])).toEqual([
    [255, 0],
    [0, 0],
    [0, 255],
  ]);
  expect(red.pixels[0]).toBeCloseTo(0.299 * 255, 3);
});

it('matches masks by name, and reads values or any', async () => {
  const images = await listImages([file('images')], '--image');
  const masks = await listMasks(file('masks'), images);
  expect([...masks.keys()]).toEqual(['cell2', 'cell10', 'color.jpg']);
  const image = await readImage(images[1], 1, '--image');
  const seven = await readMask(masks.get('cell2')!, image, [7]);
  expect([...seven.mask]).toEqual([0, 1, 1, 0]);
  expect([...seven.values]).toEqual([0, 7, 9]);
  expect([...(await readMask(masks.get('cell2')!, image, 'any')).mask]).toEqual([0, 1, 1, 1]);
  await expect(readMask(masks.get('cell10')!, image, 'any')).rejects.toThrow(
    'has 2 x 1 pixels, its image 2 x 2',
  );
  const colored = await readImage(images[3], 3, '--image');
  await expect(readMask(masks.get('color.jpg')!, colored, 'any')).rejects.toThrow('color image');
  await expect(listMasks(file('twice', 'a.png'), images)).rejects.toThrow(
    'has the name of an image',
  );
});
