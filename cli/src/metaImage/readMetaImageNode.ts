import path from 'node:path';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { FewshotError, type OnNote, type Triple } from 'fewshot-sam';
import type { FileVolume } from '../nifti/niftiGeometry';
import type { VoxelType } from '../nifti/niftiHeader';
import { ARRAYS, niftiVoxels } from '../nifti/niftiVoxels';
import { checkValues, readContent, type VolumeUse } from '../nifti/readNiftiNode';

const TYPES: Record<string, VoxelType> = {
  MET_CHAR: 'int8',
  MET_UCHAR: 'uint8',
  MET_SHORT: 'int16',
  MET_USHORT: 'uint16',
  MET_INT: 'int32',
  MET_UINT: 'uint32',
  MET_LONG: 'int32',
  MET_ULONG: 'uint32',
  MET_LONG_LONG: 'int64',
  MET_ULONG_LONG: 'uint64',
  MET_FLOAT: 'float32',
  MET_DOUBLE: 'float64',
};

/** The header is text and ends with this field. */
const LAST_FIELD = 'ElementDataFile';
/** Bytes in which a header must end. */
const LONGEST_HEADER = 2 ** 16;
/** Largest cosine between axes that is rounding. */
const RIGHT_ANGLE = 0.01;

export const isMetaImageFile = (file: string): boolean => /\.(mha|mhd)$/i.test(file);

/**
 * Reads a MetaImage file, with its voxels (.mha) or beside them (.mhd), one value for each voxel. As in ITK,
 * Offset and TransformMatrix are in DICOM's patient coordinates, and AnatomicalOrientation is ignored.
 *
 * @param what name of the image for the user, e.g. `--image`; begins notes
 * @throws FewshotError as `readNifti`
 */
export async function readMetaImage(
  file: string,
  what: string,
  onNote: OnNote,
  use: VolumeUse,
): Promise<FileVolume> {
  const name = `${what} ${file}`;
  const bytes = await readContent(file, name);
  const { fields, end } = headerOf(bytes);
  const refuse = (detail: string) =>
    new FewshotError(
      'bad-input',
      `${name} ${detail}.`,
      'Give a 3D MetaImage (.mha) of one value for each voxel, as ITK or 3D Slicer writes it.',
    );
  const get = (...names: string[]) =>
    names.map(each => fields.get(each.toLowerCase())).find(value => value !== undefined);
  const numbers = (count: number, ...names: string[]) => {
    const text = get(...names);
    if (text === undefined) return undefined;
    const values = text.split(/\s+/).map(Number);
    if (values.length === count && values.every(Number.isFinite)) return values;
    throw refuse(`has a wrong ${names[0]} (${text})`);
  };
  if (get('ObjectType') !== undefined && get('ObjectType') !== 'Image') {
    throw refuse(`holds a ${get('ObjectType')}, not an image`);
  }
  if (Number(get('NDims')) !== 3) throw refuse(`has ${get('NDims') ?? 'no'} dimensions, not 3`);
  if (Number(get('ElementNumberOfChannels') ?? 1) !== 1) {
    throw refuse(`has ${get('ElementNumberOfChannels')} values for each voxel`);
  }
  const type = TYPES[get('ElementType') ?? ''];
  if (!type)
    throw refuse(`has voxels of the type ${get('ElementType') ?? 'that it does not name'}`);
  const size = numbers(3, 'DimSize') as Triple | undefined;
  if (!size?.every(count => count > 0)) throw refuse('has no valid DimSize');
  const spacing = numbers(3, 'ElementSpacing') as Triple | undefined;
  if (!spacing?.every(step => step > 0)) throw refuse('has no valid ElementSpacing');
  const units = get('DistanceUnits');
  if (units && !/^(mm|millimeters?|\?)$/i.test(units)) throw refuse(`is in ${units}, not in mm`);
  const matrix = numbers(9, 'TransformMatrix', 'Rotation', 'Orientation');
  const origin = numbers(3, 'Offset', 'Position', 'Origin') as Triple | undefined;
  if (!matrix || !origin)
    throw refuse('has no TransformMatrix or Offset, so that its place is unknown');
  // Each row of the matrix is the direction of an axis.
  const direction = [0, 1, 2].flatMap(row => [0, 1, 2].map(axis => matrix[3 * axis + row]));
  checkAxes(direction, name);

  const dataFile = get(LAST_FIELD) ?? '';
  if (/^LIST|%/.test(dataFile)) throw refuse('has its voxels in several files');
  const isLocal = /^LOCAL$/i.test(dataFile);
  let stored = isLocal
    ? bytes.subarray(end)
    : await readContent(
        path.join(path.dirname(file), path.basename(dataFile)),
        `${name}: its voxels in ${path.basename(dataFile)}`,
      );
  if (isTrue(get('CompressedData'))) {
    stored = await promisify(inflate)(stored).catch((error: Error) => {
      throw refuse(`cannot be decompressed (${error.message})`);
    });
  }
  const needed = size[0] * size[1] * size[2] * ARRAYS[type].BYTES_PER_ELEMENT;
  const skip = Number(get('HeaderSize') ?? 0);
  const dataOffset = skip === -1 ? stored.length - needed : isLocal ? 0 : skip;
  if (!isTrue(get('BinaryData') ?? 'True')) throw refuse('has its voxels as text');
  if (!(dataOffset >= 0) || stored.length < dataOffset + needed) {
    throw refuse(`is cut off: it has ${stored.length} bytes of voxels, not ${needed}`);
  }
  const little = !isTrue(get('BinaryDataByteOrderMSB', 'ElementByteOrderMSB'));
  const layout = { size, type, little, dataOffset, slope: 1, intercept: 0 };
  const data = niftiVoxels(stored, layout, name, use === 'labels');
  for (const note of checkValues(data, size, name, use)) onNote(`${what} ${note}`);
  return { data, size, spacing, origin, direction };
}

const isTrue = (text: string | undefined) => /^(true|1)$/i.test(text ?? '');

/** @throws FewshotError `bad-geometry` when axes are no unit vectors at right angles: ITK ignores both */
function checkAxes(direction: readonly number[], name: string): void {
  const product = (a: number, b: number) =>
    [0, 1, 2].reduce((sum, r) => sum + direction[3 * r + a] * direction[3 * r + b], 0);
  const pairs = [0, 1, 2].flatMap(a =>
    [0, 1, 2].map(b => Math.abs(product(a, b) - Number(a === b))),
  );
  if (Math.max(...pairs) <= RIGHT_ANGLE) return;
  throw new FewshotError(
    'bad-geometry',
    `${name} has a TransformMatrix whose axes are not unit vectors at right angles.`,
    'Resample it to a straight grid.',
  );
}

function headerOf(bytes: Uint8Array): { fields: Map<string, string>; end: number } {
  const fields = new Map<string, string>();
  const text = new TextDecoder('latin1').decode(bytes.subarray(0, LONGEST_HEADER));
  let end = 0;
  for (const line of text.split('\n')) {
    end += line.length + 1;
    const [, key, value] = /^\s*([^=]*[^=\s])\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key === undefined) break;
    fields.set(key.toLowerCase(), value);
    if (key === LAST_FIELD) break;
  }
  return { fields, end };
}
