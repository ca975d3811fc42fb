import { FewshotError, type Triple } from 'fewshot-sam';
import { LAYOUTS, NiftiFields, type NiftiForm, type NiftiVersion } from './niftiFields';

const REMEDY = 'Give a 3D NIfTI image (.nii or .nii.gz) of one value per voxel.';
const EXPORT_AGAIN = 'Copy or export the file again.';

/** Supported data types (one number per voxel), by their code in the header. */
const NUMBERS = {
  2: { name: 'uint8', bytes: 1 },
  4: { name: 'int16', bytes: 2 },
  8: { name: 'int32', bytes: 4 },
  16: { name: 'float32', bytes: 4 },
  64: { name: 'float64', bytes: 8 },
  256: { name: 'int8', bytes: 1 },
  512: { name: 'uint16', bytes: 2 },
  768: { name: 'uint32', bytes: 4 },
  1024: { name: 'int64', bytes: 8 },
  1280: { name: 'uint64', bytes: 8 },
} as const;
type TypeCode = keyof typeof NUMBERS;
export type VoxelType = (typeof NUMBERS)[TypeCode]['name'];

/** The standard's other data types. */
const REFUSED: Record<number, string> = {
  0: 'unknown',
  1: 'single bits',
  32: 'complex64',
  128: 'RGB colors',
  1536: 'float128',
  1792: 'complex128',
  2048: 'complex256',
  2304: 'RGBA colors',
};

export interface NiftiHeader {
  size: Triple;
  type: VoxelType;
  little: boolean;
  /** Bytes before the first voxel, in this file or, for a pair, in the other one. */
  dataOffset: number;
  /** Value = stored value * slope + intercept. */
  slope: number;
  intercept: number;
  form: NiftiForm;
  /**
   * Violations of the standard that can be read, as sentences that continue after the name of the image.
   */
  notes: string[];
}

/**
 * Reads the header of a NIfTI file and checks it against the file's length (NIfTI-1:
 * https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h; NIfTI-2: nifti2.h there).
 *
 * @param file the file, decompressed
 * @param name of the file, for messages
 * @param voxels the decompressed `.img` file that belongs to it, where `file` is a `.hdr`
 * @throws FewshotError `bad-input` when it is not a NIfTI file, contradicts itself, is truncated or does
 *   not hold numbers, `bad-geometry` when it is not three-dimensional
 */
export function readNiftiHeader(file: Uint8Array, name: string, voxels?: Uint8Array): NiftiHeader {
  const fields = findFields(file, name, voxels !== undefined);
  const { dim, type: typeFields, scaling, voxOffset, form, layout, little } = fields;
  const size = sizeOf(dim, name);
  const notes: string[] = [];

  const number = NUMBERS[typeFields[0] as TypeCode];
  if (!number) {
    throw new FewshotError(
      'bad-input',
      `${name} holds ${REFUSED[typeFields[0]] ?? 'voxels of an unknown type'} (NIfTI data type ${typeFields[0]}).`,
      REMEDY,
    );
  }
  const dataOffset = checkedOffset(voxOffset, voxels ? 0 : layout.dataStart, name);
  const needed = dataOffset + size[0] * size[1] * size[2] * number.bytes;
  const { length } = voxels ?? file;
  if (length < needed) {
    throw new FewshotError(
      'bad-input',
      `${name} is truncated: ${length} bytes of ${needed}.`,
      EXPORT_AGAIN,
    );
  }
  if (typeFields[1] !== number.bytes * 8) {
    const contradiction = `says ${number.name} (${number.bytes * 8} bits) and ${typeFields[1]} bits per voxel`;
    if (length !== needed) {
      throw new FewshotError('bad-input', `${name} ${contradiction}.`, EXPORT_AGAIN);
    }
    notes.push(`${contradiction}; by its length it is ${number.name}.`);
  } else if (length > needed) {
    notes.push(
      `is ${length - needed} bytes longer than its header says; the bytes after the last voxel were ignored.`,
    );
  }
  return {
    size,
    type: number.name,
    little,
    dataOffset,
    ...checkedScaling(scaling, name, notes),
    form,
    notes,
  };
}

function findFields(file: Uint8Array, name: string, isPair: boolean): NiftiFields {
  const version = versionOf(file, 'single') ?? versionOf(file, 'pair');
  if (!version) throw noNifti(file, name);
  const isHeaderOnly = versionOf(file, 'pair') !== null;
  if (isHeaderOnly !== isPair) {
    throw new FewshotError(
      'bad-input',
      isHeaderOnly
        ? `${name} is only the header of a NIfTI pair: its voxels are in an .img file.`
        : `${name} is a header file (.hdr), but its header says that it also holds the voxels.`,
      isHeaderOnly ? 'Give the .hdr file with its .img file beside it.' : 'Name it .nii.',
    );
  }
  // Detect the byte order by the number of dimensions, as the standard defines: other fields are zero in
  // some files.
  const little = new NiftiFields(file, version, true);
  return isCount(little.dim[0]) ? little : new NiftiFields(file, version, false);
}

function versionOf(file: Uint8Array, kind: 'single' | 'pair'): NiftiVersion | null {
  const found = ([1, 2] as const).find(version => {
    const { magic, headerSize } = LAYOUTS[version];
    // Compare only the first three letters: some NIfTI-2 files lack the rest.
    return (
      file.length >= headerSize &&
      [...magic[kind].slice(0, 3)].every((l, i) => file[magic.offset + i] === l.charCodeAt(0))
    );
  });
  return found ?? null;
}

function noNifti(file: Uint8Array, name: string): FewshotError {
  if (file.length === 0) {
    return new FewshotError(
      'bad-input',
      `${name} is empty, so it is not a NIfTI file.`,
      EXPORT_AGAIN,
    );
  }
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const isAnalyze =
    file.length >= 348 && [true, false].some(little => view.getInt32(0, little) === 348);
  return new FewshotError(
    'bad-input',
    isAnalyze
      ? `${name} is not a NIfTI file but an Analyze 7.5 file, which does not say which side is left.`
      : `${name} is not a NIfTI file.`,
    REMEDY,
  );
}

const isCount = (value: number) => value >= 1 && value <= 7;

function sizeOf(dim: readonly number[], name: string): Triple {
  const size = dim.slice(1, 1 + dim[0]);
  if (!isCount(dim[0]) || !size.every(count => count >= 1 && Number.isSafeInteger(count))) {
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
  return [size[0], size[1], size[2]];
}

/** `vox_offset` 0 means right after the header. */
function checkedOffset(offset: number, start: number, name: string): number {
  if (offset === 0) return start;
  if (Number.isInteger(offset) && offset >= start) return offset;
  throw new FewshotError(
    'bad-input',
    `${name} has an invalid NIfTI header: its voxels begin at byte ${offset} (vox_offset).`,
    EXPORT_AGAIN,
  );
}

function checkedScaling([slope, intercept]: [number, number], name: string, notes: string[]) {
  // By the standard, slope 0 means no scaling. Some programs write NaN for that.
  if (slope === 0 || !Number.isFinite(slope)) {
    if (Number.isFinite(intercept) && intercept !== 0) {
      notes.push(
        `has the intercept ${intercept} with a slope of ${slope}, which means no scaling: the intercept was ignored.`,
      );
    }
    return { slope: 1, intercept: 0 };
  }
  if (Number.isFinite(intercept)) return { slope, intercept };
  throw new FewshotError(
    'bad-input',
    `${name} has the slope ${slope} but no valid intercept (scl_inter ${intercept}).`,
    EXPORT_AGAIN,
  );
}
