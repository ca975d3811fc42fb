import { FewshotError, mapInto, type Mask, type Slice } from 'fewshot-sam';
import { decodeFile, type ImageFile, listImages, type SetImage } from './imageSet';

/** Values of a mask that together are the structure; `any`: every value above 0, as in a map of instances. */
export type LabelValues = readonly number[] | 'any';

/**
 * Finds the mask of each image by its name without ending.
 *
 * @param labels folder, or file, of the masks
 * @returns masks by stem; an image may have none
 * @throws FewshotError `bad-input` when no mask belongs to an image
 */
export async function listMasks(
  labels: string,
  images: readonly ImageFile[],
  what = '--labels',
): Promise<Map<string, ImageFile>> {
  const stems = new Set(images.map(({ stem }) => stem));
  const masks = (await listImages([labels], what)).filter(({ stem }) => stems.has(stem));
  if (masks.length > 0) return new Map(masks.map(mask => [mask.stem, mask]));
  throw new FewshotError(
    'bad-input',
    `${what} ${labels}: no mask has the name of an image, e.g. ${images[0].stem}.`,
    'Name each mask like its image; endings may differ: scan7.jpg, scan7.png.',
  );
}

/** The mask of an image, or an error that names what is missing. */
export function maskOf(masks: ReadonlyMap<string, ImageFile>, { stem }: ImageFile): ImageFile {
  const mask = masks.get(stem);
  if (mask) return mask;
  throw new FewshotError(
    'bad-input',
    `--labels has no mask of the image ${stem}.`,
    `Add ${stem}.png to it, or leave the image out of --shots.`,
  );
}

/**
 * Reads a structure from the mask of an image.
 *
 * @throws FewshotError as `readMaskValues`
 */
export async function readMask(
  file: ImageFile,
  { slice }: Pick<SetImage, 'slice'>,
  label: LabelValues,
): Promise<{ mask: Mask; values: ReadonlySet<number> }> {
  const values = await readMaskValues(file, slice, '--labels');
  const isInside = (value: number) => (label === 'any' ? value > 0 : label.includes(value));
  const mask = mapInto(values, new Uint8Array(values.length), value => (isInside(value) ? 1 : 0));
  return { mask, values: new Set(values) };
}

/**
 * Reads the numbers of a mask.
 *
 * @returns row by row
 * @throws FewshotError `bad-input` when the mask has another size than its image, or colors in place of
 *   numbers
 */
export async function readMaskValues(
  { file }: ImageFile,
  { rows, columns }: Pick<Slice, 'rows' | 'columns'>,
  what: string,
): Promise<Float32Array> {
  const decoded = await decodeFile(file, 'labels', what);
  if (decoded.channels !== 1) {
    throw new FewshotError(
      'bad-input',
      `${what} ${file} is a color image.`,
      'Give masks of numbers: 0 outside, 1, 2 ... inside; gray or with a palette.',
    );
  }
  if (decoded.rows !== rows || decoded.columns !== columns) {
    throw new FewshotError(
      'bad-input',
      `${what} ${file} has ${decoded.columns} x ${decoded.rows} pixels, its image ${columns} x ${rows}.`,
      'Give the masks that were drawn on these images.',
    );
  }
  return Float32Array.from(decoded.values);
}
