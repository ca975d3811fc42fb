import { FewshotError } from 'fewshot-sam/errors';
import { numberOfFrames, placeOf } from './expandFrames';
import { frameByPlace, type FrameGrid, type FramePlace } from './frameMapping';
import { itemsOf, numbersOf, textOf, type NaturalizedDataset } from './naturalized';
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
  const sliceOf = new Map(sources.map((source, i) => [referenceKey(source), i]));
  const [shared = {}] = itemsOf(dataset, 'SharedFunctionalGroupsSequence');
  return (groups, index) => {
    const referred = referredSlices(groups, shared, sliceOf);
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

/** An image, or a frame of one, by its identifier. */
function referenceKey(source: NaturalizedDataset): string {
  const frame = numberOfFrames(source) > 1 ? Number(source.frameNumber) : 1;
  return `${textOf(source, 'SOPInstanceUID')}#${frame}`;
}

/** Slices of this series that a frame was derived from. */
function referredSlices(
  groups: NaturalizedDataset,
  shared: NaturalizedDataset,
  sliceOf: ReadonlyMap<string, number>,
): number[] {
  const derivations = [groups, shared].flatMap(each => itemsOf(each, 'DerivationImageSequence'));
  const references = derivations.flatMap(item => itemsOf(item, 'SourceImageSequence'));
  const slices = references.flatMap(reference => {
    const uid = textOf(reference, 'ReferencedSOPInstanceUID');
    const frame = numbersOf(reference, 'ReferencedFrameNumber', 1)?.[0] ?? 1;
    const slice = sliceOf.get(`${uid}#${frame}`);
    return slice === undefined ? [] : [slice];
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
