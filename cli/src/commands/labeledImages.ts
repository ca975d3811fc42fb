import { FewshotError, type FewshotStudy, type IntensityWindow, type OnNote } from 'fewshot-sam';
import { type ImageFile, listImages, readImage, type SetImage } from '../images/imageSet';
import { type LabelValues, listMasks, maskOf, readMask } from '../images/masks';

/** A set of images, some of which are learned from. */
export interface LabeledSet {
  images: ImageFile[];
  /** Masks by the stem of their image. */
  masks: Map<string, ImageFile>;
  /** Numbers of the images to learn from, ascending. */
  shots: number[];
}

/**
 * Lists the images and masks of a set.
 *
 * @param shots names or numbers; default: all images that have a mask
 * @throws FewshotError `bad-input` when there are fewer than two, or one has no mask
 */
export async function listLabeled(
  locations: readonly string[],
  labels: string,
  shots: readonly string[] | undefined,
): Promise<LabeledSet> {
  const images = await listImages(locations, '--image');
  const masks = await listMasks(labels, images);
  const chosen = shots
    ? chooseImages(images, shots)
    : images.flatMap(({ stem }, index) => (masks.has(stem) ? index : []));
  for (const index of chosen) maskOf(masks, images[index]);
  if (chosen.length >= 2) return { images, masks, shots: chosen };
  throw new FewshotError(
    'bad-input',
    'Only one labeled image is given; a single one does not show what may vary.',
    'Give two or more.',
  );
}

/**
 * Finds images by their file name, with or without its ending, or else by their number from 0.
 *
 * @returns their numbers, ascending
 * @throws FewshotError `bad-input` naming one that is not there
 */
export function chooseImages(images: readonly ImageFile[], names: readonly string[]): number[] {
  const chosen = names.map(name => {
    const named = images.findIndex(
      ({ file, stem }) => stem === name || file.replace(/^.*[/\\]/, '') === name,
    );
    if (named >= 0) return named;
    if (/^\d+$/.test(name) && Number(name) < images.length) return Number(name);
    throw new FewshotError(
      'bad-input',
      `--shots ${name} is not among the ${images.length} images, ${images[0].stem} to ${images[images.length - 1].stem}.`,
      `Give file names, or numbers from 0 to ${images.length - 1}.`,
    );
  });
  return [...new Set(chosen)].sort((a, b) => a - b);
}

/**
 * Reads the images to learn from, each a study of its own.
 *
 * @param structures label values of each structure; an empty list: every value above 0
 * @returns the studies of each structure
 * @throws FewshotError `bad-input`; when no image shows a structure, what the masks hold
 */
export async function readShots(
  { images, masks, shots }: LabeledSet,
  structures: readonly (readonly number[])[],
  window: IntensityWindow,
  onNote: OnNote,
): Promise<FewshotStudy[][]> {
  const studies: FewshotStudy[][] = structures.map(() => []);
  const seen = new Set<number>();
  for (const index of shots) {
    const image = await readImage(images[index], index, '--image');
    if (isConstant(image)) {
      onNote(`--image: the image ${index} has one value everywhere; it teaches nothing.`);
      continue;
    }
    const file = maskOf(masks, image);
    for (const [i, label] of structures.entries()) {
      const { mask, values } = await readMask(file, image, labelValues(label));
      values.forEach(value => seen.add(value));
      studies[i].push({ slices: [image.slice], labels: new Map([[index, mask]]), window });
    }
  }
  structures.forEach((label, i) => {
    const shown = studies[i].filter(({ labels }) => [...labels.values()].some(m => m.includes(1)));
    if (shown.length >= 2) return;
    const held = [...seen].filter(value => value > 0).sort((a, b) => a - b);
    const listed = held.length > 20 ? [...held.slice(0, 20), '...'] : held;
    throw new FewshotError(
      'bad-input',
      `${label.length ? `--label ${label.join(',')}` : 'A value above 0'} occurs in ${shown.length === 0 ? 'none' : 'only one'} of the ${shots.length} labeled images; their masks hold ${listed.join(', ') || 'only 0'}.`,
      'Give a value that two or more masks hold, or other shots.',
    );
  });
  return studies;
}

/** A structure's values; an empty list stands for any above 0. */
export const labelValues = (label: readonly number[]): LabelValues =>
  label.length > 0 ? label : 'any';

/** Whether nothing can be seen in an image. */
export function isConstant({ slice: { pixels } }: SetImage): boolean {
  return pixels.every(value => value === pixels[0]);
}
