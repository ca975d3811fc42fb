import { FewshotError } from 'fewshot-sam';
import { numberOfFrames, placeOf } from '../series/expandFrames';
import { frameByPlace, OffEveryImage, type FrameGrid, type FrameMapping } from './frameMapping';
import { itemsOf, textOf, valuesOf, type NaturalizedDataset } from '../data/naturalized';
import type { SourceGeometry } from '../series/sourceGeometry';

/**
 * Returns a function that finds the slice of each frame of a SEG: the image that it refers to (Derivation
 * Image), or else the one at its position. If it has both, they must agree.
 *
 * @param dataset the SEG
 * @param sources the images of the series, one per slice
 * @returns function of a frame's functional groups and its index from 0. It returns null for a frame on
 *   an image of the series that is missing from `sources`, and throws FewshotError `bad-geometry` where the
 *   frame lies on no image of the series
 * @throws FewshotError `bad-geometry` when SEG and series have different frames of reference
 */
export function frameMatcher(
  dataset: NaturalizedDataset,
  grid: FrameGrid,
  sources: NaturalizedDataset[],
  geometry: SourceGeometry,
): (groups: NaturalizedDataset, index: number) => FrameMapping | null {
  const [own, theirs] = [dataset, sources[0]].map(each => textOf(each, 'FrameOfReferenceUID'));
  if (own && theirs && own !== theirs) {
    throw otherSeries(
      `its frame of reference is ${own}, that of the images ${theirs}, so that places cannot be compared`,
    );
  }
  const slicesOf = new Map<string, Map<number, number>>();
  sources.forEach((source, slice) => {
    const uid = textOf(source, 'SOPInstanceUID');
    const frames = slicesOf.get(uid) ?? new Map<number, number>();
    slicesOf.set(uid, frames.set(frameNumberOf(source), slice));
  });
  const [shared = {}] = itemsOf(dataset, 'SharedFunctionalGroupsSequence');
  const listed = listedImages(dataset, textOf(sources[0], 'SeriesInstanceUID'));
  /** Whether a frame that lies on no source belongs to an image missing from the series. */
  const isOnMissingImage = (groups: NaturalizedDataset) => {
    const uids = referredImages(groups, shared).map(each =>
      textOf(each, 'ReferencedSOPInstanceUID'),
    );
    return uids.length > 0
      ? uids.every(uid => listed.has(uid) && !slicesOf.has(uid))
      : [...listed].some(uid => !slicesOf.has(uid));
  };
  return (groups, index) => {
    const referred = referredSlices(groups, shared, slicesOf);
    let place: FrameMapping | null;
    try {
      place = frameByPlace(placeOf(shared, groups), grid, geometry);
    } catch (error) {
      if (error instanceof OffEveryImage && isOnMissingImage(groups)) return null;
      throw otherSeries(`frame ${index + 1}: ${(error as Error).message}`, error);
    }
    if (place) {
      if (referred.length === 1 && referred[0] !== place.sliceIndex) {
        throw otherSeries(
          `frame ${index + 1} refers to slice ${referred[0] + 1} and lies on slice ${place.sliceIndex + 1}`,
        );
      }
      return place;
    }
    if (referred.length !== 1) {
      if (referredImages(groups, shared).length > 0 && isOnMissingImage(groups)) return null;
      throw otherSeries(`frame ${index + 1} has neither a position nor a reference to one image`);
    }
    if (grid.rows !== geometry.rows || grid.columns !== geometry.columns) {
      throw otherSeries(
        `its matrix is ${grid.columns} x ${grid.rows}, that of the images ${geometry.columns} x ${geometry.rows}`,
      );
    }
    return { sliceIndex: referred[0], start: 0, columnStep: 1, rowStep: grid.columns };
  };
}

function frameNumberOf(source: NaturalizedDataset): number {
  return numberOfFrames(source) > 1 ? Number(source.frameNumber) : 1;
}

/**
 * Returns the slices of this series that a frame was derived from; all frames of an image if Referenced
 * Frame Number is absent (PS3.3, 10.3).
 *
 * @param slicesOf slices of each image, by frame number
 */
function referredSlices(
  groups: NaturalizedDataset,
  shared: NaturalizedDataset,
  slicesOf: ReadonlyMap<string, ReadonlyMap<number, number>>,
): number[] {
  const slices = referredImages(groups, shared).flatMap(reference => {
    const frames = slicesOf.get(textOf(reference, 'ReferencedSOPInstanceUID'));
    const named = valuesOf(reference, 'ReferencedFrameNumber').map(Number);
    return [...(frames ?? [])]
      .filter(([frame]) => named.length === 0 || named.includes(frame))
      .map(([, slice]) => slice);
  });
  return [...new Set(slices)];
}

/** Returns the items of Source Image Sequence. */
function referredImages(
  groups: NaturalizedDataset,
  shared: NaturalizedDataset,
): NaturalizedDataset[] {
  return [groups, shared]
    .flatMap(each => itemsOf(each, 'DerivationImageSequence'))
    .flatMap(item => itemsOf(item, 'SourceImageSequence'));
}

/**
 * Returns the SOP Instance UIDs of a series' images that a SEG lists (Common Instance Reference, PS3.3,
 * C.12.2).
 */
export function listedImages(dataset: NaturalizedDataset, seriesUid: string): Set<string> {
  return new Set(
    itemsOf(dataset, 'ReferencedSeriesSequence')
      .filter(series => textOf(series, 'SeriesInstanceUID') === seriesUid)
      .flatMap(series => itemsOf(series, 'ReferencedInstanceSequence'))
      .map(instance => textOf(instance, 'ReferencedSOPInstanceUID')),
  );
}

function otherSeries(detail: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'bad-geometry',
    `The segmentation does not lie on the images of this series: ${detail}.`,
    'Give a segmentation that was made on this series, or resample it to its grid.',
    { cause },
  );
}
