import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { readMetaImage } from './readMetaImageNode';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'fewshot-mha-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Header of an image of 3 x 2 x 1 voxels as ITK writes it. */
const HEADER = {
  ObjectType: 'Image',
  NDims: '3',
  BinaryData: 'True',
  BinaryDataByteOrderMSB: 'False',
  CompressedData: 'False',
  TransformMatrix: '1 0 0 0 1 0 0 0 1',
  Offset: '-10 20 5.5',
  AnatomicalOrientation: 'RAI',
  ElementSpacing: '0.5 1.25 3',
  DimSize: '3 2 1',
  ElementType: 'MET_SHORT',
  ElementDataFile: 'LOCAL',
};
const VALUES = [-1000, 0, 7, 300, -2, 1];

/** @param change null leaves a field out */
async function read(
  change: Record<string, string | null> = {},
  bytes: Uint8Array = new Uint8Array(Int16Array.from(VALUES).buffer),
  name = 'image.mha',
) {
  // The field that ends a header.
  const { ElementDataFile, ...fields } = { ...HEADER, ...change };
  const lines = Object.entries({ ...fields, ElementDataFile })
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key} = ${value}\n`);
  const file = path.join(folder, name);
  await writeFile(file, Buffer.concat([Buffer.from(lines.join('')), bytes]));
  return readMetaImage(file, '--image', () => undefined, 'image');
}

describe('readMetaImage', () => {
  it('reads voxels and their place, in DICOM coordinates as ITK does', async () => {
    const { data, size, spacing, origin, direction } = await read();
    expect([...data]).toEqual(VALUES);
    expect({ size, spacing, origin }).toEqual({
      size: [3, 2, 1],
      spacing: [0.5, 1.25, 3],
      origin: [-10, 20, 5.5],
    });
    expect(direction).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1]);
  });

  it('takes each row of the matrix for an axis', async () => {
    const { direction } = await read({ TransformMatrix: '0 1 0 0 0 1 1 0 0' });
    // The first axis runs along y.
    expect([0, 3, 6].map(row => direction[row])).toEqual([0, 1, 0]);
  });

  it('reads compressed voxels, the other byte order, and older names of fields', async () => {
    const swapped = Buffer.from(Int16Array.from(VALUES).buffer).swap16();
    const older = { TransformMatrix: null, Offset: null };
    const { data, origin } = await read(
      {
        ...older,
        ...{ CompressedData: 'True', BinaryDataByteOrderMSB: 'True' },
        ...{ Rotation: '1 0 0 0 1 0 0 0 1', Position: '1 2 3' },
      },
      deflateSync(swapped),
    );
    expect([...data]).toEqual(VALUES);
    expect(origin).toEqual([1, 2, 3]);
  });

  it('reads voxels beside the header, after a header of their own', async () => {
    const voxels = Buffer.concat([
      Buffer.from('a header'),
      Buffer.from(Int16Array.from(VALUES).buffer),
    ]);
    await writeFile(path.join(folder, 'image.raw'), voxels);
    const beside = { HeaderSize: '-1', ElementDataFile: 'image.raw' };
    expect([...(await read(beside, new Uint8Array(0), 'image.mhd')).data]).toEqual(VALUES);
  });

  it.each<[string, Record<string, string | null>, RegExp]>([
    ['another object', { ObjectType: 'Mesh' }, /holds a Mesh, not an image/],
    ['four dimensions', { NDims: '4' }, /has 4 dimensions, not 3/],
    ['no dimensions', { NDims: null }, /has no dimensions/],
    ['color', { ElementNumberOfChannels: '3' }, /has 3 values for each voxel/],
    ['an unknown type', { ElementType: 'MET_BIT' }, /voxels of the type MET_BIT/],
    ['no type', { ElementType: null }, /voxels of the type that it does not name/],
    ['no size', { DimSize: null }, /no valid DimSize/],
    ['a size of two numbers', { DimSize: '3 2' }, /wrong DimSize \(3 2\)/],
    ['a size in words', { DimSize: 'three 2 1' }, /wrong DimSize \(three 2 1\)/],
    ['spacing of zero', { ElementSpacing: '1 0 1' }, /no valid ElementSpacing/],
    ['other units', { DistanceUnits: 'um' }, /is in um, not in mm/],
    ['no place', { Offset: null }, /no TransformMatrix or Offset/],
    ['skewed axes', { TransformMatrix: '1 0 0 0.3 0.95 0 0 0 1' }, /not unit vectors at right/],
    ['stretched axes', { TransformMatrix: '2 0 0 0 1 0 0 0 1' }, /not unit vectors at right/],
    ['several files', { ElementDataFile: 'LIST' }, /voxels in several files/],
    ['voxels as text', { BinaryData: 'False' }, /voxels as text/],
    ['too few voxels', { DimSize: '3 2 2' }, /cut off: it has 12 bytes of voxels, not 24/],
    ['no compressed data', { CompressedData: 'True' }, /cannot be decompressed/],
    ['voxels that are gone', { ElementDataFile: 'gone.raw' }, /gone\.raw/],
  ])('refuses %s', async (_, change, message) => {
    await expect(read(change)).rejects.toMatchObject({
      name: 'FewshotError',
      message: expect.stringMatching(message),
      remedy: expect.stringMatching(/./),
    });
  });
});
