import {
  type AppliedStudy,
  type IntensityWindow,
  type Mask,
  type OnNote,
  type OnProgress,
  phaseReporter,
  throwIfCancelled,
  withoutOverlap,
} from 'fewshot-sam';
import { type ImageFile, readImage, type SetImage } from '../images/imageSet';
import { type ImageOutputs, writeImageResult } from './imageOutputs';
import { foundImage, type FoundImage, imageFigures, type ImageSetRow } from './imageRows';
import { isConstant } from './labeledImages';

/** Images to search for a structure. */
export interface ImageSearch {
  images: readonly ImageFile[];
  /** Numbers of those to search. */
  wanted: readonly number[];
  /** Returns the true mask of an image, if it is known and needed. */
  truthOf(image: SetImage): Promise<Mask | undefined>;
  find(image: SetImage, truth: Mask | undefined): Promise<AppliedStudy>;
  results: ImageResults;
  /** Of the structure in the masks to write. */
  value: number;
  onProgress: OnProgress;
  onNote: OnNote;
  signal: AbortSignal;
}

/** Figures of a search, to be completed to a row. */
export type SearchFigures = ReturnType<typeof imageFigures> &
  Pick<ImageSetRow, 'encode_s' | 'apply_s' | 'embeddings_from_cache'>;

/**
 * Finds a structure in single images, one after the other. Nothing is found in an image of one value.
 *
 * @throws FewshotError as reading, finding and writing do
 */
export async function findInImages({
  images,
  wanted,
  truthOf,
  find,
  results,
  value,
  onProgress,
  onNote,
  signal,
}: ImageSearch): Promise<SearchFigures> {
  const found: FoundImage[] = [];
  const spent = { encode: 0, propagate: 0 };
  let embeddings = 0;
  const report = phaseReporter('propagate', wanted.length, onProgress);
  report(0);
  for (const index of wanted) {
    throwIfCancelled(signal);
    const image = await readImage(images[index], index, '--image');
    const truth = await truthOf(image);
    let slice: FoundSlice;
    if (isConstant(image)) {
      onNote(`--image: the image ${index} has one value everywhere; nothing is found in it.`);
      const mask = new Uint8Array(image.slice.pixels.length);
      slice = { mask, probability: () => Float32Array.from(mask) };
    } else {
      const { slices, seconds, embeddingsFromCache } = await find(image, truth);
      [slice] = slices;
      spent.encode += seconds.encode;
      spent.propagate += seconds.propagate;
      embeddings += embeddingsFromCache;
    }
    await results.add(image, value, slice);
    found.push(foundImage(index, slice.mask, slice.confidence, truth));
    report(found.length);
  }
  return {
    ...imageFigures(found),
    encode_s: roundedSeconds(spent.encode),
    apply_s: roundedSeconds(spent.propagate),
    embeddings_from_cache: embeddings,
  };
}

export const roundedSeconds = (value: number) => Number(value.toFixed(3));

type FoundSlice = Pick<AppliedStudy['slices'][number], 'mask' | 'probability' | 'confidence'>;

/** Collects what was found in each image, and writes it when all structures are known. */
export class ImageResults {
  private readonly waiting = new Map<number, (FoundSlice & { value: number })[]>();

  constructor(
    private readonly outputs: ImageOutputs,
    private readonly structures: number,
    private readonly window: IntensityWindow,
  ) {}

  /** A pixel found for several structures belongs to the most probable one. */
  async add(image: SetImage, value: number, slice: FoundSlice): Promise<void> {
    const { index } = image.slice;
    const all = [...(this.waiting.get(index) ?? []), { ...slice, value }];
    if (all.length < this.structures) {
      this.waiting.set(index, all);
      return;
    }
    this.waiting.delete(index);
    const kept = withoutOverlap(
      all.map((one, segmentIndex) => ({ segmentIndex, slices: [{ ...one, index }] })),
    );
    const found = all.map((one, i) => ({ value: one.value, mask: kept.get(i)!.get(index)! }));
    await writeImageResult(this.outputs, image, found, this.window);
  }
}
