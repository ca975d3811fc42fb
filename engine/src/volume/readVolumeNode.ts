import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import dicomParser from 'dicom-parser';
import type { Image } from 'itk-wasm';
import { FewshotError } from '../errors';
import type { Triple } from '../metrics/grid';
import { sortSeries, type DicomImage } from './dicomSeries';
import { checkNifti } from './niftiHeader';
import { determinant3x3, voxelCount, type Volume } from './volume';

/**
 * Reads a 3D image: a NIfTI file, or a folder of one DICOM series (its slices sorted by position,
 * ascending; other files in the folder are ignored).
 *
 * @param what what the image is to the user, e.g. `--image`; begins messages
 * @throws FewshotError `bad-input` when it is not there or unreadable, `bad-geometry` when it is no
 *   evenly spaced 3D volume
 */
export async function readVolume(location: string, what: string): Promise<Volume> {
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
  const image = found.isDirectory()
    ? await readDicomFolder(location, name)
    : await readNifti(location, name);
  return toVolume(image, name);
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

async function readDicomFolder(folder: string, name: string): Promise<Image> {
  const inputImages = await seriesFiles(folder, name);
  const { readImageDicomFileSeriesNode } = await import('@itk-wasm/dicom');
  return readWithItk(name, async () => {
    const { outputImage } = await readImageDicomFileSeriesNode({
      inputImages,
      singleSortedSeries: true,
    });
    return outputImage;
  });
}

/**
 * The files of the one DICOM series in a folder, in the order of the slices of its volume.
 *
 * @param name what the folder is to the user; begins messages
 * @throws FewshotError as `readVolume`
 */
export async function seriesFiles(folder: string, name: string): Promise<string[]> {
  const images: DicomImage[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.resolve(folder, entry.name);
    // A link to a file is a file to whoever made it.
    if (entry.isDirectory() || !(await stat(file)).isFile()) continue;
    const image = readDicomHeader(await readFile(file), file);
    if (image) images.push(image);
  }
  try {
    return sortSeries(images).map(({ file }) => file);
  } catch (error) {
    if (!(error instanceof FewshotError)) throw error;
    throw new FewshotError(error.code, `${name}: ${error.message}`, error.remedy, { cause: error });
  }
}

/** @returns null when the file is not a DICOM image */
function readDicomHeader(bytes: Uint8Array, file: string): DicomImage | null {
  let header: dicomParser.DataSet;
  try {
    header = dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' });
  } catch {
    return null;
  }
  const rows = header.uint16('x00280010');
  const columns = header.uint16('x00280011');
  const modality = header.string('x00080060') ?? '';
  if (!rows || !columns || modality === 'SEG') return null;
  const numbers = (tag: string) =>
    (header.string(tag) ?? '').split('\\').filter(Boolean).map(Number);
  return {
    file,
    series: header.string('x0020000e') ?? '',
    modality,
    rows,
    columns,
    frames: header.intString('x00280008') ?? 1,
    position: numbers('x00200032'),
    orientation: numbers('x00200037'),
  };
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
