import { FewshotError } from '../errors';

const REMEDY = 'Give a 3D NIfTI image (.nii or .nii.gz) of one value per voxel.';

export interface NiftiHeader {
  /** `dim[1..dim[0]]` of the header. */
  size: number[];
}

/**
 * Checks the header of a NIfTI file (NIfTI-1: https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h,
 * or NIfTI-2) against the bytes that are there. ITK itself reads a truncated file as zeros.
 *
 * @param file the file, decompressed
 * @throws FewshotError `bad-input` when it is no NIfTI file or truncated, `bad-geometry` when it is
 *   not three-dimensional
 */
export function checkNifti(file: Uint8Array, name: string): NiftiHeader {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const fields = file.length >= 348 ? (readNifti1(view) ?? readNifti2(view)) : null;
  if (!fields) {
    throw new FewshotError('bad-input', `${name} is not a NIfTI file.`, REMEDY);
  }
  const { dim, bitsPerVoxel, dataOffset } = fields;
  const size = dim.slice(1, 1 + dim[0]);
  const isValid = dim[0] >= 1 && dim[0] <= 7 && size.every(count => count >= 1);
  if (!isValid) {
    throw new FewshotError(
      'bad-input',
      `${name} has an invalid NIfTI header (dimensions ${dim.join(', ')}).`,
      REMEDY,
    );
  }
  if (size.slice(3).some(count => count > 1)) {
    throw new FewshotError(
      'bad-geometry',
      `${name} has ${size.filter(count => count > 1).length} dimensions (${size.join(' x ')}).`,
      'Give one 3D volume: split a time series or a multi-channel image first.',
    );
  }
  if (size.length < 3 || size[2] === 1) {
    throw new FewshotError(
      'bad-geometry',
      `${name} holds a single slice (${size.join(' x ')}).`,
      'Give a volume of several slices.',
    );
  }
  const needed =
    dataOffset + (size.reduce((product, count) => product * count, 1) * bitsPerVoxel) / 8;
  if (file.length < needed) {
    throw new FewshotError(
      'bad-input',
      `${name} is truncated: ${file.length} bytes of ${needed}.`,
      'Copy or export the file again.',
    );
  }
  return { size };
}

interface HeaderFields {
  /** Number of dimensions, then the size of each of seven. */
  dim: number[];
  bitsPerVoxel: number;
  /** Bytes before the first voxel. */
  dataOffset: number;
}

const EIGHT = [0, 1, 2, 3, 4, 5, 6, 7];

function readNifti1(view: DataView): HeaderFields | null {
  if (!hasMagic(view, 344, 'n+1')) return null;
  const little = view.getInt32(0, true) === 348;
  return {
    dim: EIGHT.map(i => view.getInt16(40 + 2 * i, little)),
    bitsPerVoxel: view.getInt16(72, little),
    dataOffset: view.getFloat32(108, little),
  };
}

function readNifti2(view: DataView): HeaderFields | null {
  if (!hasMagic(view, 4, 'n+2')) return null;
  const little = view.getInt32(0, true) === 540;
  return {
    dim: EIGHT.map(i => Number(view.getBigInt64(16 + 8 * i, little))),
    bitsPerVoxel: view.getInt16(14, little),
    dataOffset: Number(view.getBigInt64(168, little)),
  };
}

function hasMagic(view: DataView, offset: number, magic: string): boolean {
  return [...magic].every((letter, i) => view.getUint8(offset + i) === letter.charCodeAt(0));
}
