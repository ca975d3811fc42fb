import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  bytesOf,
  compactPixels,
  concatBytes,
  FewshotError,
  sha256Hex,
  type Slice,
} from 'fewshot-sam';
import type { DecodedImage, ImageUse } from './decodeImage';

/** A file of an image set, or of its masks. */
export interface ImageFile {
  file: string;
  /** Its name without folder and ending: images and masks belong together by it. */
  stem: string;
}

/** An image of a set: a slice of its own size, whose index counts the set. */
export interface SetImage extends ImageFile {
  slice: Slice;
}

const PICTURE = /\.(png|jpe?g|tiff?)$/i;
const DICOM = /\.(dcm|dicom|ima)$/i;

/** Whether a name is that of a PNG, JPEG or TIFF file. */
const isPicture = (name: string): boolean => PICTURE.test(name);

/** Whether a place is a PNG, JPEG or TIFF file, or a folder that holds some. */
export async function isPictures(place: string): Promise<boolean> {
  if (isPicture(place)) return true;
  const names = await readdir(place).catch(() => []);
  return names.some(isPicture);
}

/**
 * Lists the images of a set in the natural order of their names: 2 before 10.
 *
 * @param locations a folder, or files
 * @param what name for the user, e.g. `--image`
 * @throws FewshotError `bad-input` when a file is missing, none is an image, or two have one name
 */
export async function listImages(locations: readonly string[], what: string): Promise<ImageFile[]> {
  const files: string[] = [];
  for (const location of locations) {
    const found = await stat(location).catch((error: NodeJS.ErrnoException) => {
      throw new FewshotError(
        'bad-input',
        `${what} ${location} ${error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`}.`,
        'Give a folder of PNG, JPEG, TIFF or single-frame DICOM files, or such files.',
        { cause: error },
      );
    });
    if (found.isDirectory()) files.push(...(await imagesIn(location)));
    else files.push(location);
  }
  if (files.length === 0) {
    throw new FewshotError(
      'bad-input',
      `${what} ${locations.join(', ')} holds no PNG, JPEG, TIFF or DICOM file.`,
      'Give the folder in which the images lie; folders in it are not searched.',
    );
  }
  const order = new Intl.Collator('en', { numeric: true });
  const listed = files.map(file => ({ file, stem: path.parse(file).name }));
  listed.sort((a, b) => order.compare(a.stem, b.stem) || order.compare(a.file, b.file));
  listed.forEach(({ file, stem }, i) => {
    if (i === 0 || listed[i - 1].stem !== stem) return;
    throw new FewshotError(
      'bad-input',
      `${what}: ${listed[i - 1].file} and ${file} have one name, by which masks and results are matched.`,
      'Rename one of them, or give only one.',
    );
  });
  return listed;
}

async function imagesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter(name => !name.startsWith('.'));
  const kinds = [isPicture, (name: string) => DICOM.test(name), (name: string) => !/\./.test(name)];
  const listed = kinds.map(isKind => names.filter(isKind)).find(some => some.length > 0) ?? [];
  const files = listed.map(name => path.join(folder, name));
  const found = await Promise.all(files.map(file => stat(file).catch(() => null)));
  return files.filter((_, i) => found[i]?.isFile() ?? false);
}

/**
 * Reads an image of a set.
 *
 * @param index its number in the set, from 0
 * @throws FewshotError `bad-input` when it is not an image, damaged, or has a pixel that is not a number
 */
export async function readImage(one: ImageFile, index: number, what: string): Promise<SetImage> {
  const decoded = await decodeFile(one.file, 'image', what);
  const { rows, columns, spacing } = decoded;
  const [rowSpacing, columnSpacing] = spacing ?? [1, 1];
  const grid = { rows, columns, rowSpacing, columnSpacing, index };
  if (decoded.channels === 1) {
    const pixels = compactPixels(Float32Array.from(decoded.values));
    return { ...one, slice: { ...grid, pixels, identity: await sha256Hex(bytesOf(pixels)) } };
  }
  const color = [0, 1, 2].map(channel =>
    Float32Array.from({ length: rows * columns }, (_, i) => decoded.values[3 * i + channel]),
  );
  const [red, green, blue] = color;
  // ITU-R BT.601, as in JPEG.
  const pixels = red.map((value, i) => 0.299 * value + 0.587 * green[i] + 0.114 * blue[i]);
  const identity = await sha256Hex(concatBytes(color.map(bytesOf)));
  return { ...one, slice: { ...grid, pixels, color: [red, green, blue], identity } };
}

/** @throws FewshotError `bad-input` that names the file */
export async function decodeFile(file: string, use: ImageUse, what: string): Promise<DecodedImage> {
  try {
    // Only now: commands about volumes need no decoders of pictures.
    const { decodeImage } = await import('./decodeImage');
    return await decodeImage(await readFile(file), use);
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `${what} ${file} cannot be read: ${(error as Error).message.replace(/\.$/, '')}.`,
      'Replace or remove the file.',
      { cause: error },
    );
  }
}
