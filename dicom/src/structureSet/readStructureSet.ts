import { FewshotError, type Triple, type VolumeGeometry, cross, unit } from 'fewshot-sam';
import { contourMasks, contourPlacer, type HoleRule } from 'fewshot-sam/contours';
import { itemsOf, textOf, valuesOf, type NaturalizedDataset } from '../data/naturalized';
import { parseDicomFile } from '../data/parseDicomFile';
import type { ReadSegmentDescription } from '../seg/readSegments';
import { expandFrames } from '../series/expandFrames';
import { predecessorOf, type Predecessor } from '../series/references';
import { sourceGeometry, type SourceGeometry } from '../series/sourceGeometry';
import { RT_STRUCTURE_SET_STORAGE } from './createStructureSet';
import { damaged, roisOf } from './describeRois';

/** An ROI of a structure set; `number` is its ROI Number. */
export interface ReadRoi extends ReadSegmentDescription {
  /** Number of contours, of all kinds. */
  contours: number;
  /**
   * Fills the contours on the slices of the series.
   *
   * @returns slice -> mask on its grid, only slices with a voxel; and sentences for the user, about the hole
   *   rule among others
   * @throws FewshotError `bad-input` when the ROI has no closed contour or is damaged, `bad-geometry` when
   *   it does not lie on the images of the series
   */
  fill(): { masks: Map<number, Uint8Array>; remarks: string[] };
}

export interface ReadStructureSet {
  seriesDescription: string;
  /** Identifies this structure set; pass it as `predecessor` when storing again. */
  reference: Predecessor;
  rois: ReadRoi[];
}

/** Contour types that enclose an area, by their hole rule (PS3.3, C.8.8.6.1). */
const CLOSED: Record<string, HoleRule> = { CLOSED_PLANAR: 'nested', CLOSEDPLANAR_XOR: 'xor' };

/**
 * Reads an RT Structure Set of any origin. An ROI is filled on the slices of its source series only on
 * demand: others may lie elsewhere.
 *
 * @param bytes a DICOM file
 * @param instances naturalized metadata of the series, in the order of its slices
 * @throws FewshotError `bad-input` when it is not a structure set, damaged, or has no ROI
 */
export async function readStructureSet(
  bytes: Uint8Array,
  instances: NaturalizedDataset[],
): Promise<ReadStructureSet> {
  const { dataset } = await parseDicomFile(bytes, 'The structure set');
  if (textOf(dataset, 'SOPClassUID') !== RT_STRUCTURE_SET_STORAGE) {
    throw new FewshotError(
      'bad-input',
      `The file is not an RT Structure Set but ${textOf(dataset, 'Modality') || 'an object'} of the class ${textOf(dataset, 'SOPClassUID') || 'that it does not name'}.`,
      'Give an RTSTRUCT of the series.',
    );
  }
  const sources = expandFrames(instances);
  const context = { dataset, sources, geometry: sourceGeometry(sources) };
  return {
    seriesDescription: textOf(dataset, 'SeriesDescription'),
    reference: predecessorOf(dataset),
    rois: roisOf(dataset).map(({ description, item, contours }) => ({
      ...description,
      contours: contours.length,
      fill: () =>
        fillRoi(`ROI ${description.number} ("${description.label}")`, item, contours, context),
    })),
  };
}

interface Context {
  dataset: NaturalizedDataset;
  /** One per slice. */
  sources: NaturalizedDataset[];
  geometry: SourceGeometry;
}

function fillRoi(
  roi: string,
  item: NaturalizedDataset,
  contours: readonly NaturalizedDataset[],
  { dataset, sources, geometry }: Context,
): { masks: Map<number, Uint8Array>; remarks: string[] } {
  checkFrameOfReference(roi, item, contours, dataset, sources);
  const closed = contours.filter(contour => Object.hasOwn(CLOSED, kindOf(contour)));
  if (closed.length === 0) {
    const kinds = [...new Set(contours.map(kindOf))].join(', ');
    throw new FewshotError(
      'bad-input',
      contours.length === 0
        ? `${roi} has no contour.`
        : `${roi} has no closed contour, only ${kinds || 'contours without a type'}.`,
      'Give an ROI that was drawn as closed contours.',
    );
  }
  const rules = [...new Set(closed.map(contour => CLOSED[kindOf(contour)]))];
  if (rules.length > 1) {
    throw damaged(`${roi} mixes CLOSED_PLANAR and CLOSEDPLANAR_XOR, so that its holes are unclear`);
  }
  const grid = gridOf(geometry);
  const place = contourPlacer(grid);
  const images = imageChecker(roi, sources);
  let wrongCounts = 0;
  let tooShort = 0;
  const places = closed.flatMap((contour, i) => {
    const name = `contour ${i + 1} of ${roi}`;
    const points = valuesOf(contour, 'ContourData').map(Number);
    if (points.length % 3 !== 0 || !points.every(Number.isFinite)) {
      throw damaged(`${name} has coordinates that are no list of x, y, z`);
    }
    if (Number(textOf(contour, 'NumberOfContourPoints')) !== points.length / 3) wrongCounts++;
    if (points.length < 9) {
      tooShort++;
      return [];
    }
    const found = place({ points });
    const slice = found.kind === 'slice' ? found.slice : null;
    images.look(i, itemsOf(contour, 'ContourImageSequence'), slice);
    return [found];
  });
  const { masks, remarks, used, oblique, outside } = contourMasks(places, rules[0], grid);
  if (masks.size === 0) {
    const why =
      used > 0
        ? 'none encloses the center of a voxel'
        : oblique > 0
          ? `${oblique} are not parallel to its slices`
          : `${outside} lie beside or between its slices`;
    throw new FewshotError(
      'bad-geometry',
      `${roi} does not lie on the images of this series: of its ${closed.length} closed contours ${why}.`,
      'Give a structure set that was drawn on this series.',
    );
  }
  const open = contours.length - closed.length;
  const said = [
    ...remarks,
    ...(open > 0 ? [`${open} of its contours are not closed and were ignored.`] : []),
    ...(tooShort > 0
      ? [`${tooShort} of its contours have fewer than 3 points and were ignored.`]
      : []),
    ...(wrongCounts > 0
      ? [
          `${wrongCounts} of its contours state a wrong number of points; the coordinates were used.`,
        ]
      : []),
    ...images.remarks(),
  ];
  return { masks, remarks: said.map(remark => `${roi}: ${remark}`) };
}

const kindOf = (contour: NaturalizedDataset) => textOf(contour, 'ContourGeometricType');

/**
 * Checks that positions of an ROI can be compared with those of the images: same frame of reference or,
 * where one is unknown, contours that name images of the series.
 */
function checkFrameOfReference(
  roi: string,
  item: NaturalizedDataset,
  contours: readonly NaturalizedDataset[],
  dataset: NaturalizedDataset,
  sources: readonly NaturalizedDataset[],
): void {
  const listed = itemsOf(dataset, 'ReferencedFrameOfReferenceSequence').map(frame =>
    textOf(frame, 'FrameOfReferenceUID'),
  );
  const own =
    textOf(item, 'ReferencedFrameOfReferenceUID') ||
    (listed.length === 1 ? listed[0] : '') ||
    textOf(dataset, 'FrameOfReferenceUID');
  const theirs = textOf(sources[0], 'FrameOfReferenceUID');
  if (own && theirs) {
    if (own === theirs) return;
    throw otherSeries(
      `${roi} lies in the frame of reference ${own}, the images in ${theirs}, so that places cannot be compared`,
    );
  }
  const images = new Set(sources.map(source => textOf(source, 'SOPInstanceUID')));
  const isOnImages = contours
    .flatMap(contour => itemsOf(contour, 'ContourImageSequence'))
    .some(image => images.has(textOf(image, 'ReferencedSOPInstanceUID')));
  if (isOnImages) return;
  throw otherSeries(
    `${own ? 'the images have' : `${roi} has`} no frame of reference, and no contour names an image of the series`,
  );
}

function slicesByImage(sources: readonly NaturalizedDataset[]): Map<string, number[]> {
  const slices = new Map<string, number[]>();
  sources.forEach((source, slice) => {
    const uid = textOf(source, 'SOPInstanceUID');
    slices.set(uid, [...(slices.get(uid) ?? []), slice]);
  });
  return slices;
}

/** Farthest, in slices, that a contour may lie from the image that it names: between two it may name either. */
const BESIDE = 1;

/** Compares the images that contours name with those that they lie on. */
function imageChecker(roi: string, sources: readonly NaturalizedDataset[]) {
  const slicesOf = slicesByImage(sources);
  const named = new Set<string>();
  let foreign = 0;
  const elsewhere: { contour: number; named: number; slice: number }[] = [];
  return {
    look(contour: number, images: readonly NaturalizedDataset[], slice: number | null): void {
      const uids = images.map(image => textOf(image, 'ReferencedSOPInstanceUID'));
      if (uids.length === 0) return;
      const slices = uids.flatMap(uid => slicesOf.get(uid) ?? []);
      uids.forEach(uid => named.add(uid));
      if (slices.length === 0) foreign++;
      else if (slice !== null && !slices.some(each => Math.abs(each - slice) <= BESIDE)) {
        elsewhere.push({ contour, named: slices[0], slice });
      }
    },
    /** @throws FewshotError `bad-geometry` when names and positions contradict each other */
    remarks(): string[] {
      const [first] = elsewhere;
      if (first && named.size > 1) {
        throw otherSeries(
          `contour ${first.contour + 1} of ${roi} names the image of slice ${first.named} and lies on slice ${first.slice} (from 0)`,
        );
      }
      return [
        ...(foreign > 0
          ? [
              `${foreign} of its contours name images that are not in this series; they were placed by position, in the same frame of reference.`,
            ]
          : []),
        // Some programs write the first image to every contour.
        ...(first
          ? [
              `its contours all name one image (of slice ${first.named}) but lie on several; they were placed by position.`,
            ]
          : []),
      ];
    },
  };
}

/** Returns the grid of the series, with the position of each slice. */
function gridOf({
  rows,
  columns,
  orientation,
  positions,
  pixelSpacing,
  spacingBetweenSlices,
  sliceThickness,
}: SourceGeometry): VolumeGeometry {
  const [row, column] = [orientation.slice(0, 3), orientation.slice(3)];
  const normal = unit(cross(row, column));
  return {
    size: [columns, rows, positions.length],
    spacing: [pixelSpacing[1], pixelSpacing[0], spacingBetweenSlices ?? sliceThickness ?? 1],
    origin: positions[0] as Triple,
    direction: [0, 1, 2].flatMap(axis => [row[axis], column[axis], normal[axis]]),
    sliceOrigins: positions as Triple[],
  };
}

function otherSeries(detail: string): FewshotError {
  return new FewshotError(
    'bad-geometry',
    `The structure set does not lie on the images of this series: ${detail}.`,
    'Give a structure set that was drawn on this series.',
  );
}
