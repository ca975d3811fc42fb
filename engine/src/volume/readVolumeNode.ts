import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Image } from 'itk-wasm';
import { FewshotError } from '../errors';
import type { Triple } from '../metrics/grid';
import type { OnNote } from '../note';
import { checkNifti } from './niftiHeader';
import { readDicomSeries } from './readDicomSeriesNode';
import { determinant3x3, voxelCount, type Volume } from './volume';

/**
 * Reads a 3D image: a NIfTI file, or a folder of one DICOM series (its slices sorted by position,
 * ascending; files that are no images are ignored): a file for each slice, or enhanced multi-frame CT
 * or MR.
 *
 * @param what what the image is to the user, e.g. `--image`; begins messages
 * @param onNote hears what the user should know of an image that is read all the same
 * @throws FewshotError `bad-input` when it is not there or unreadable, `bad-geometry` when it is no
 *   3D volume
 */
export async function readVolume(
  location: string,
  what: string,
  onNote: OnNote = () => undefined,
): Promise<Volume> {
  const name = `${what} ${location}`;
  const found = await stat(location).catch((error: NodeJS.ErrnoException) => {
    throw new FewshotError(
      'bad-input',
      error.code === 'ENOENT'
        ? `${name} does not exist.`
        : `${name} cannot be read (${error.code}).`,
      'Give the path of a NIfTI file or of a folder of one DICOM series.',
      { cause: error },
    );
  });
  if (found.isDirectory()) return readDicomSeries(location, name, onNote);
  return toVolume(await readNifti(location, name), name);
}

async function readNifti(file: string, name: string): Promise<Image> {
  if (!/\.nii(\.gz)?$/i.test(file)) {
    throw new FewshotError(
      'bad-input',
      `${name} is not a NIfTI file (.nii or .nii.gz).`,
      'Convert it to NIfTI; for DICOM give the folder of the series.',
    );
  }
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new FewshotError(
      'bad-input',
      `${name} cannot be read (${error.code}).`,
      'Check the permissions of the file.',
      { cause: error },
    );
  });
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const content = isCompressed
    ? await promisify(gunzip)(bytes).catch((error: Error) => {
        throw new FewshotError(
          'bad-input',
          `${name} cannot be decompressed (${error.message}).`,
          'Copy or export the file again.',
          { cause: error },
        );
      })
    : bytes;
  checkNifti(content, name);
  const { readImageNode } = await import('@itk-wasm/image-io');
  return readWithItk(name, () => readImageNode(path.resolve(file)));
}

async function readWithItk(name: string, read: () => Promise<Image>): Promise<Image> {
  try {
    return await read();
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      // WebAssembly throws plain numbers for C++ exceptions: they would tell nobody anything.
      `${name} could not be decoded${error instanceof Error ? ` (${error.message})` : ''}.`,
      'Check the file with another program, or export it again.',
      { cause: error },
    );
  }
}

function toVolume(image: Image, name: string): Volume {
  const { imageType, size, spacing, origin, data } = image;
  if (imageType.components !== 1) {
    throw new FewshotError(
      'bad-input',
      `${name} has ${imageType.components} values per voxel.`,
      'Give a grey-scale image.',
    );
  }
  if (imageType.dimension !== 3 || !data) {
    throw new FewshotError(
      'bad-geometry',
      `${name} has ${imageType.dimension} dimensions.`,
      'Give one 3D volume.',
    );
  }
  const volume: Volume = {
    // 64-bit integers arrive as BigInt.
    data: Float32Array.from(data as ArrayLike<number | bigint>, Number),
    size: size as Triple,
    spacing: spacing as Triple,
    origin: origin as Triple,
    direction: Array.from(image.direction as Float64Array),
  };
  const isGrid =
    volume.data.length === voxelCount(volume) &&
    volume.spacing.every(step => step > 0 && Number.isFinite(step)) &&
    volume.origin.every(Number.isFinite) &&
    Math.abs(determinant3x3(volume.direction)) > 0.5;
  if (!isGrid) {
    throw new FewshotError(
      'bad-geometry',
      `${name} has no valid grid (spacing ${spacing.join(' x ')} mm).`,
      'Give an image whose voxel spacing and orientation are known.',
    );
  }
  return volume;
}
