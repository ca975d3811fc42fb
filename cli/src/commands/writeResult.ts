import {
  checkSources,
  createSegmentation,
  encodePart10,
  EXPLICIT_VR_LITTLE_ENDIAN,
  RLE_LOSSLESS,
} from 'fewshot-sam-dicom/seg';
import {
  type NaturalizedDataset,
  type Segment,
  type SegmentationOptions,
  seriesDescription,
  textOf,
} from 'fewshot-sam-dicom';
import {
  checkFrameOfReference,
  createStructureSet,
  encodeStructureSet,
  roiNames,
} from 'fewshot-sam-dicom/rtstruct';
import { FewshotError, type OnNote, tiltOf, type VolumeGeometry } from 'fewshot-sam';
import { niftiForm } from '../nifti/niftiForm';
import type { FileVolume } from '../nifti/niftiGeometry';
import { writeMaskNifti } from '../nifti/writeNiftiNode';
import type { SegEncoding, SegFrames } from './segEncoding';
import { checkLabelTable, writeLabelTable } from '../files/labelTable';
import { writeFileAside } from '../files/writeFileAside';
import { writeSegNrrd } from '../nrrd/writeSegNrrdNode';
import { formatOf, isDicomFormat, type ResultFormat } from './resultFormat';
import { checkHasSeries, readSourceSeries } from './sourceSeries';

/** The file to write, and the labels that are read. */
export interface ResultPlace {
  out?: string;
  format?: ResultFormat;
  labels?: string;
}

/** A segmented structure: its mask on the image's grid, and its name. */
export interface Structure extends Omit<Segment, 'masks' | 'color'> {
  /** Its value in the NIfTI file. */
  value: number;
  color?: Segment['color'];
  /** One value per voxel of the volume. */
  mask: Uint8Array;
}

/** Colors that are easy to distinguish on gray, for segments without one. */
const COLORS: Segment['color'][] = [
  [221, 84, 84],
  [84, 160, 221],
  [110, 200, 90],
  [235, 185, 60],
  [175, 110, 215],
  [80, 205, 195],
];
/** Added to the images' Series Number, so that the result comes after all of the study. */
const SERIES_NUMBER_OFFSET = 1000;

const SEGMENTATION_TYPES = {
  auto: 'AUTOMATIC',
  binary: 'BINARY',
  labelmap: 'LABELMAP',
  'labelmap-rle': 'LABELMAP',
} as const satisfies Record<SegEncoding, SegmentationOptions['segmentationType']>;

/** Highest value of a voxel in the NIfTI file. */
const HIGHEST_VALUE = 65535;

/**
 * Reports before the long computation that its result could not be written.
 *
 * @param image folder or file of the volume
 * @param values of the structures in a NIfTI file
 * @throws FewshotError
 */
export async function checkResult(
  { out, format, labels }: ResultPlace,
  image: string,
  values: readonly number[],
): Promise<void> {
  if (out === undefined) return;
  const kind = formatOf(out, format);
  if (isDicomFormat(kind)) {
    await checkHasSeries(`--out ${out}`, image);
    const { sources } = checkSources(await readSourceSeries(image));
    if (kind === 'rtstruct') checkFrameOfReference(sources);
    return;
  }
  if (kind === 'nifti') await checkLabelTable(out, labels);
  const tooHigh = values.find(value => value > HIGHEST_VALUE);
  if (tooHigh === undefined) return;
  throw new FewshotError(
    'bad-input',
    `--label ${tooHigh} cannot be written to ${out}: its values go up to ${HIGHEST_VALUE}.`,
    'Segment that structure alone: it is then written as 1.',
  );
}

/**
 * Reports before the long computation that a NIfTI file cannot represent the positions of the image's
 * slices.
 *
 * @param onNote called when it represents a tilted series in a way that few programs expect
 * @throws FewshotError `bad-geometry`
 */
export function checkGrid({ out, format }: ResultPlace, image: FileVolume, onNote: OnNote): void {
  if (out === undefined || isDicomFormat(formatOf(out, format))) return;
  const kind = formatOf(out, format) === 'nrrd' ? 'NRRD' : 'NIfTI';
  if (!image.sliceOrigins) {
    if (kind === 'NRRD') {
      if (tiltOf(image) > 0.01) {
        onNote(
          '--out: the slices are tilted, so the NRRD file has sheared axes, which ITK ignores.',
        );
      }
      return;
    }
    const isSheared = !image.nifti && niftiForm(image).qformCode === 0;
    if (isSheared) {
      onNote('--out: the slices are tilted, so the NIfTI file has a sheared sform and no qform.');
    }
    return;
  }
  throw new FewshotError(
    'bad-geometry',
    `--out ${out} is ${kind}, which supports only evenly spaced slices; those of the image are unevenly spaced.`,
    'Give --out a name that ends with .dcm: a DICOM SEG stores the position of each slice.',
  );
}

/**
 * Writes structures: as NIfTI with a label table beside it, as a segmentation of 3D Slicer, or as a DICOM
 * SEG or RTSTRUCT of the image's series.
 *
 * @param image folder or file of the volume
 * @throws FewshotError when the series cannot be referenced
 */
export async function writeResult(
  out: string,
  structures: readonly Structure[],
  {
    image,
    geometry,
    format,
    encoding = 'auto',
    frames = 'used',
    onNote = () => undefined,
  }: {
    image: string;
    geometry: FileVolume;
    format?: ResultFormat;
    encoding?: SegEncoding;
    frames?: SegFrames;
    onNote?: OnNote;
  },
): Promise<void> {
  const kind = formatOf(out, format);
  const colored = withColors(structures);
  if (kind === 'nrrd') return writeSegNrrd(colored, geometry, out);
  if (kind === 'nifti') {
    const voxels = structures[0].mask.length;
    const isWide = structures.some(({ value }) => value > 255);
    const volume = isWide ? new Uint16Array(voxels) : new Uint8Array(voxels);
    for (const { mask, value } of structures) {
      mask.forEach((inside, voxel) => {
        if (inside) volume[voxel] = value;
      });
    }
    await writeMaskNifti(volume, geometry, out);
    return writeLabelTable(out, colored);
  }
  const sources = await readSourceSeries(image);
  if (kind === 'rtstruct') {
    const segments = segmentsOf(colored, geometry);
    roiNames(segments).forEach((name, i) => {
      const { label, masks } = segments[i];
      if (name !== label) onNote(`--out: "${label}" is written as the ROI "${name}".`);
      if (masks.size === 0)
        onNote(`--out: the ROI "${name}" has no contour: it was found nowhere.`);
    });
    const contours = createStructureSet(sources, segments, {
      seriesDescription: seriesDescription(segments),
      seriesNumber: seriesNumberOf(sources),
    });
    return writeFileAside('--out', out, new Uint8Array(encodeStructureSet(contours)));
  }
  const { file } = encodeSeg(structures, sources, { geometry, encoding, frames });
  await writeFileAside('--out', out, file);
}

/**
 * Encodes structures as a DICOM SEG of a series.
 *
 * @param sources metadata of the series' images, one per slice of the volume
 * @param uids of the new series and its instance; by default random ones
 * @throws FewshotError when the series cannot be referenced
 */
export function encodeSeg(
  structures: readonly Structure[],
  sources: NaturalizedDataset[],
  {
    geometry,
    encoding = 'auto',
    frames = 'used',
    uids,
  }: {
    geometry: VolumeGeometry;
    encoding?: SegEncoding;
    frames?: SegFrames;
    uids?: SegmentationOptions['uids'];
  },
): { dataset: NaturalizedDataset; file: Uint8Array<ArrayBuffer> } {
  const segments = segmentsOf(withColors(structures), geometry);
  const dataset = createSegmentation(sources, segments, {
    segmentationType: SEGMENTATION_TYPES[encoding],
    // For a structure that was found nowhere, write empty frames for all slices.
    keepEmptyFrames: frames === 'all' || structures.some(({ mask }) => !mask.includes(1)),
    seriesDescription: seriesDescription(segments),
    seriesNumber: seriesNumberOf(sources),
    uids,
  });
  const transferSyntaxUid = encoding === 'labelmap-rle' ? RLE_LOSSLESS : EXPLICIT_VR_LITTLE_ENDIAN;
  return { dataset, file: new Uint8Array(encodePart10(dataset, { transferSyntaxUid })) };
}

/** Colors those that have none. */
function withColors(structures: readonly Structure[]) {
  return structures.map((structure, i) => ({
    ...structure,
    color: structure.color ?? COLORS[i % COLORS.length],
  }));
}

function segmentsOf(
  structures: ReturnType<typeof withColors>,
  geometry: VolumeGeometry,
): Segment[] {
  return structures.map(({ mask, ...structure }) => ({
    ...structure,
    masks: slicesOf(mask, geometry),
  }));
}

/** Beside the numbers of the study's own series. */
function seriesNumberOf(sources: readonly NaturalizedDataset[]): number {
  return (Number(textOf(sources[0], 'SeriesNumber')) || 0) + SERIES_NUMBER_OFFSET;
}

/** Returns the mask's nonempty slices, by index in the series. */
function slicesOf(mask: Uint8Array, { size }: VolumeGeometry): Map<number, Uint8Array> {
  const pixels = size[0] * size[1];
  const slices = new Map<number, Uint8Array>();
  for (let slice = 0; slice < size[2]; slice++) {
    const own = mask.subarray(slice * pixels, (slice + 1) * pixels);
    if (own.includes(1)) slices.set(slice, own);
  }
  return slices;
}
