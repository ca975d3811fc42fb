import { createSegmentation, type Segment, type SegmentationOptions } from './createSegmentation';
import { encodePart10, RLE_LOSSLESS } from '../data/encodePart10';
import { itemsOf, type NaturalizedDataset } from '../data/naturalized';
import { readSegmentation } from './readSegmentation';
import { image, mask, segment } from './testSeries';

export const images = [0, 2, 4, 6].map(z => image(z));
/** On the second and the last of `images`. */
export const liver = segment('Größe', {
  1: mask('#....', '#....', '###..'),
  3: mask('.....', '..###', '.....'),
});

/** Encodes, after a change to the data set if there is one, and reads. */
export async function roundTrip(
  segments: Segment[],
  options: SegmentationOptions = {},
  {
    change = dataset => dataset,
    rle = false,
    sources = images,
    readOnto = sources,
  }: {
    change?: (dataset: NaturalizedDataset) => NaturalizedDataset;
    rle?: boolean;
    sources?: NaturalizedDataset[];
    readOnto?: NaturalizedDataset[];
  } = {},
) {
  const dataset = change(createSegmentation(sources, segments, options));
  const file = encodePart10(dataset, rle ? { transferSyntaxUid: RLE_LOSSLESS } : {});
  return readSegmentation(new Uint8Array(file), readOnto);
}

/** Changes the functional groups of each frame. */
export const perFrame =
  (change: (groups: NaturalizedDataset, index: number) => NaturalizedDataset) =>
  (dataset: NaturalizedDataset): NaturalizedDataset => ({
    ...dataset,
    PerFrameFunctionalGroupsSequence: itemsOf(dataset, 'PerFrameFunctionalGroupsSequence').map(
      change,
    ),
  });
/** Leaves an attribute out of the functional groups of each frame. */
export const without = (keyword: string) =>
  perFrame(groups => ({ ...groups, [keyword]: undefined }));
