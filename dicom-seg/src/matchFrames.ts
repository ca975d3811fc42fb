import { FewshotError } from 'fewshot-sam/errors';
import { numberOfFrames, placeOf } from './expandFrames';
import { frameByPlace, type FrameGrid, type FramePlace } from './frameMapping';
import { itemsOf, textOf, valuesOf, type NaturalizedDataset } from './naturalized';
import type { SourceGeometry } from './sourceGeometry';

/**
 * Finds the slice of each frame of a SEG: the image that it refers to (Derivation Image), or else the
 * one at its place. Where it has both they must agree.
 *
 * @param dataset the SEG
 * @param sources the images of the series, one per slice
 * @returns takes the functional groups of a frame and its index from 0; throws FewshotError
 *   `bad-geometry` where that frame lies on no image
 * @throws FewshotError `bad-geometry` when SEG and series have different frames of reference
 */
export function frameMatcher(
  dataset: NaturalizedDataset,
  grid: FrameGrid,
  sources: NaturalizedDataset[],
  geometry: SourceGeometry,
): (groups: NaturalizedDataset, index: number) => FramePlace {
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
  return (groups, index) => {
    const referred = referredSlices(groups, shared, slicesOf);
    let place: FramePlace | null;
    try {
      place = frameByPlace(placeOf(shared, groups), grid, geometry);
    } catch (error) {
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
      throw otherSeries(`frame ${index + 1} neither says where it lies nor refers to one image`);
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
 * Slices of this series that a frame was derived from: all frames of an image where none is named
 * (Referenced Frame Number, PS3.3, 10.3).
 *
 * @param slicesOf slices of each image, by frame number
 */
function referredSlices(
  groups: NaturalizedDataset,
  shared: NaturalizedDataset,
  slicesOf: ReadonlyMap<string, ReadonlyMap<number, number>>,
): number[] {
  const derivations = [groups, shared].flatMap(each => itemsOf(each, 'DerivationImageSequence'));
  const references = derivations.flatMap(item => itemsOf(item, 'SourceImageSequence'));
  const slices = references.flatMap(reference => {
    const frames = slicesOf.get(textOf(reference, 'ReferencedSOPInstanceUID'));
    const named = valuesOf(reference, 'ReferencedFrameNumber').map(Number);
    return [...(frames ?? [])]
      .filter(([frame]) => named.length === 0 || named.includes(frame))
      .map(([, slice]) => slice);
  });
  return [...new Set(slices)];
}

function otherSeries(detail: string, cause?: unknown): FewshotError {
  return new FewshotError(
    'bad-geometry',
    `The segmentation does not lie on the images of this series: ${detail}.`,
    'Give a segmentation that was made on this series, or resample it to its grid.',
    { cause },
  );
}
