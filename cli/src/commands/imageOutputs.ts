import { mkdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { FewshotError, type IntensityWindow } from 'fewshot-sam';
import type { ImageFile, SetImage } from '../images/imageSet';
import { type FoundMask, writeMaskPng, writeOverlayPng } from '../images/writePictures';
import { UsageError } from './usageError';

/** Folders of masks and of overlays. */
export interface ImageOutputs {
  out?: string;
  overlays?: string;
}

/**
 * Makes the folders of the results, and refuses those in which an image or a mask would be overwritten.
 *
 * @param images of which results are written
 * @param inputs images and masks that are read
 * @throws FewshotError `bad-input`
 */
export async function prepareOutputs(
  { out, overlays }: ImageOutputs,
  images: readonly ImageFile[],
  inputs: readonly ImageFile[],
): Promise<void> {
  const read = new Map<string, string>();
  for (const { file } of inputs) read.set(await comparable(file), file);
  const folders = [
    ['--out', out],
    ['--overlays', overlays],
  ] as const;
  for (const [option, folder] of folders) {
    if (folder === undefined) continue;
    await mkdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw new FewshotError(
        'bad-input',
        `${option} ${folder} is not a folder and cannot be made (${error.code}).`,
        'Give a folder that can be written; results of images are one PNG file each.',
        { cause: error },
      );
    });
    for (const image of images) {
      const file = await comparable(resultFile(folder, image));
      const input = read.get(file);
      if (input === undefined) continue;
      throw new FewshotError(
        'bad-input',
        `${option} ${folder}: the result of ${image.stem} would overwrite ${input}, which is read.`,
        'Give another folder.',
      );
    }
  }
  if (out === undefined || overlays === undefined) return;
  if ((await comparable(out)) === (await comparable(overlays))) {
    throw new UsageError('--out and --overlays need different folders: their files have one name.');
  }
}

/** The file that a path names, with links followed as far as it exists; many systems ignore case. */
async function comparable(file: string): Promise<string> {
  const target = await realpath(file).catch(async () => {
    const folder = await realpath(path.dirname(file)).catch(() => path.resolve(path.dirname(file)));
    return path.join(folder, path.basename(file));
  });
  return target.normalize('NFC').toLowerCase();
}

const resultFile = (folder: string, { stem }: ImageFile) => path.join(folder, `${stem}.png`);

/** Writes what was found in an image. */
export async function writeImageResult(
  { out, overlays }: ImageOutputs,
  image: SetImage,
  found: readonly FoundMask[],
  window: IntensityWindow,
): Promise<void> {
  if (out !== undefined) await writeMaskPng(resultFile(out, image), image.slice, found);
  if (overlays !== undefined) {
    await writeOverlayPng(resultFile(overlays, image), image.slice, found, window);
  }
}
