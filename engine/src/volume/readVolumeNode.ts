import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import dicomParser from 'dicom-parser';
import type { Image } from 'itk-wasm';
import { FewshotError } from '../errors';
import type { Triple } from '../metrics/grid';
import type { OnNote } from '../note';
import { framePlaces, numbersOf, singleFrameFiles } from './dicomFrames';
import { sortSeries, type DicomImage } from './dicomSeries';
import { checkNifti } from './niftiHeader';
import { determinant3x3, voxelCount, type Volume } from './volume';

/**
 * Reads a 3D image: a NIfTI file, or a folder of one DICOM series (its slices sorted by position,
 * ascending; other files in the folder are ignored): a file for each slice, or enhanced multi-frame CT
 * or MR.
 *
 * @param what what the image is to the user, e.g. `--image`; begins messages
 * @param onNote hears what the user should know of an image that is read all the same
 * @throws FewshotError `bad-input` when it is not there or unreadable, `bad-geometry` when it is no
 *   evenly spaced 3D volume
 */
export async function readVolume(
  location: string,
  what: string,
  onNote: OnNote = () => undefined,
): Promise<Volume> {
  void onNote;
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
  const images = await seriesImages(folder, name);
  return images.some(({ frame }) => frame !== undefined)
    ? readFrames(images, name)
    : readFiles(
        images.map(({ file }) => file),
        name,
      );
}

async function readFiles(inputImages: string[], name: string): Promise<Image> {
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
 * Reads enhanced multi-frame images, whose order of frames and whose rescale per frame ITK does not
 * follow: frame by frame, from files of stored values in a folder that is removed again.
 */
async function readFrames(images: readonly DicomImage[], name: string): Promise<Image> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fewshot-frames-'));
  try {
    const files = await writeFrames(images, folder).catch((error: Error) => {
      throw new FewshotError(
        'bad-input',
        `${name} could not be taken apart into frames (${error.message}).`,
        'Check the file with another program, or export it again.',
        { cause: error },
      );
    });
    const image = await readFiles(files, name);
    const stored = image.data as ArrayLike<number>;
    const data = new Float32Array(stored.length);
    const pixels = stored.length / images.length;
    images.forEach(({ rescale = { slope: 1, intercept: 0 } }, slice) => {
      for (let i = slice * pixels; i < (slice + 1) * pixels; i++) {
        data[i] = stored[i] * rescale.slope + rescale.intercept;
      }
    });
    return { ...image, data } as Image;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes each image, a frame of a file, as a file of its own. @returns their paths, in order */
async function writeFrames(images: readonly DicomImage[], folder: string): Promise<string[]> {
  const opened = new Map<string, ReturnType<typeof singleFrameFiles>>();
  const files: string[] = [];
  for (const [slice, image] of images.entries()) {
    let frameOf = opened.get(image.file);
    if (!frameOf) opened.set(image.file, (frameOf = singleFrameFiles(await readFile(image.file))));
    const file = path.join(folder, `${String(slice).padStart(6, '0')}.dcm`);
    await writeFile(file, frameOf(image));
    files.push(file);
  }
  return files;
}

/**
 * The images of the one DICOM series in a folder, in the order of the slices of its volume.
 *
 * @param name what the folder is to the user; begins messages
 * @throws FewshotError as `readVolume`
 */
export async function seriesImages(folder: string, name: string): Promise<DicomImage[]> {
  const images: DicomImage[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const file = path.resolve(folder, entry.name);
    // A link to a file is a file to whoever made it.
    if (entry.isDirectory() || !(await stat(file)).isFile()) continue;
    images.push(...readDicomHeader(await readFile(file), file));
  }
  try {
    return sortSeries(images);
  } catch (error) {
    if (!(error instanceof FewshotError)) throw error;
    throw new FewshotError(error.code, `${name}: ${error.message}`, error.remedy, { cause: error });
  }
}

/** @returns one entry, or one for each frame that has its place; none when it is no DICOM image */
function readDicomHeader(bytes: Uint8Array, file: string): DicomImage[] {
  let header: dicomParser.DataSet;
  try {
    header = dicomParser.parseDicom(bytes, { untilTag: 'x7fe00010' });
  } catch {
    return [];
  }
  const rows = header.uint16('x00280010');
  const columns = header.uint16('x00280011');
  const modality = header.string('x00080060') ?? '';
  if (!rows || !columns || modality === 'SEG') return [];
  const frames = header.intString('x00280008') ?? 1;
  const image = {
    file,
    series: header.string('x0020000e') ?? '',
    modality,
    rows,
    columns,
    frames,
    position: numbersOf(header, 'x00200032'),
    orientation: numbersOf(header, 'x00200037'),
  };
  const places = image.position.length ? null : framePlaces(header, frames);
  return places?.map((place, i) => ({ ...image, ...place, frame: i + 1 })) ?? [image];
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
