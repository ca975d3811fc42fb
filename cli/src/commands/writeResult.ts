import {
  checkSources,
  createSegmentation,
  encodePart10,
  EXPLICIT_VR_LITTLE_ENDIAN,
  RLE_LOSSLESS,
} from 'fewshot-sam-dicom/seg';
import {
  type Segment,
  type SegmentationOptions,
  seriesDescription,
  textOf,
} from 'fewshot-sam-dicom';
import { FewshotError, type OnNote, type VolumeGeometry } from 'fewshot-sam';
import { niftiForm } from '../nifti/niftiForm';
import type { FileVolume } from '../nifti/niftiGeometry';
import { writeMaskNifti } from '../nifti/writeNiftiNode';
import type { SegEncoding, SegFrames } from './segEncoding';
import { checkHasSeries, isSegFile, readSourceSeries } from './sourceSeries';
import { writeFileAside } from './writeFileAside';

/** A structure that was segmented: its mask on the image's grid, and what it is called. */
export interface Structure extends Omit<Segment, 'masks' | 'color'> {
  /** In the NIfTI file. */
  value: number;
  color?: Segment['color'];
  /** As large as the volume. */
  mask: Uint8Array;
}

/** Colours that are easily told apart on grey, for segments without one. */
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

/** Of a NIfTI file's voxels. */
const HIGHEST_VALUE = 65535;

/**
 * Says before the long computation that its result could not be written.
 *
 * @param image the folder or file of the volume
 * @param values of the structures in a NIfTI file
 * @throws FewshotError
 */
export async function checkResult(
  out: string | undefined,
  image: string,
  values: readonly number[],
): Promise<void> {
  if (out === undefined) return;
  if (isSegFile(out)) {
    await checkHasSeries(`--out ${out}`, image);
    checkSources(await readSourceSeries(image));
    return;
  }
  const tooHigh = values.find(value => value > HIGHEST_VALUE);
  if (tooHigh === undefined) return;
  throw new FewshotError(
    'bad-input',
    `--label ${tooHigh} cannot be written to ${out}: its values go up to ${HIGHEST_VALUE}.`,
    'Segment that structure alone: it is written as 1 then.',
  );
}

/**
 * Says before the long computation that a NIfTI file cannot hold the image's slices where they lie.
 *
 * @param onNote hears that it holds those of a tilted series in a way that few programs expect
 * @throws FewshotError `bad-geometry`
 */
export function checkGrid(out: string | undefined, image: FileVolume, onNote: OnNote): void {
  if (out === undefined || isSegFile(out)) return;
  if (!image.sliceOrigins) {
    const isSheared = !image.nifti && niftiForm(image).qformCode === 0;
    if (isSheared) {
      onNote('--out: the slices are tilted, so the NIfTI file has a sheared sform and no qform.');
    }
    return;
  }
  throw new FewshotError(
    'bad-geometry',
    `--out ${out} is NIfTI, which has one distance for all slices; those of the image lie unevenly.`,
    'Give --out a name that ends with .dcm: a DICOM SEG keeps the position of each slice.',
  );
}

/**
 * Writes structures as NIfTI or, where the file ends with `.dcm`, as a DICOM SEG of the image's series.
 *
 * @param image the folder or file of the volume
 * @throws FewshotError when the series cannot be referred to
 */
export async function writeResult(
  out: string,
  structures: readonly Structure[],
  {
    image,
    geometry,
    encoding = 'auto',
    frames = 'used',
  }: { image: string; geometry: FileVolume; encoding?: SegEncoding; frames?: SegFrames },
): Promise<void> {
  if (!isSegFile(out)) {
    const voxels = structures[0].mask.length;
    const isWide = structures.some(({ value }) => value > 255);
    const volume = isWide ? new Uint16Array(voxels) : new Uint8Array(voxels);
    for (const { mask, value } of structures) {
      mask.forEach((inside, voxel) => {
        if (inside) volume[voxel] = value;
      });
    }
    return writeMaskNifti(volume, geometry, out);
  }
  const sources = await readSourceSeries(image);
  const segments = structures.map(({ mask, color, ...structure }, i): Segment => ({
    ...structure,
    color: color ?? COLORS[i % COLORS.length],
    masks: slicesOf(mask, geometry),
  }));
  const dataset = createSegmentation(sources, segments, {
    segmentationType: SEGMENTATION_TYPES[encoding],
    // What was found nowhere is said to be nowhere, on each slice.
    keepEmptyFrames: frames === 'all' || structures.some(({ mask }) => !mask.includes(1)),
    seriesDescription: seriesDescription(segments),
    seriesNumber: (Number(textOf(sources[0], 'SeriesNumber')) || 0) + SERIES_NUMBER_OFFSET,
  });
  const transferSyntaxUid = encoding === 'labelmap-rle' ? RLE_LOSSLESS : EXPLICIT_VR_LITTLE_ENDIAN;
  const file = new Uint8Array(encodePart10(dataset, { transferSyntaxUid }));
  await writeFileAside('--out', out, file);
}

/** The volume's slices, in the order of the series, without the empty ones. */
function slicesOf(mask: Uint8Array, { size }: VolumeGeometry): Map<number, Uint8Array> {
  const pixels = size[0] * size[1];
  const slices = new Map<number, Uint8Array>();
  for (let slice = 0; slice < size[2]; slice++) {
    const own = mask.subarray(slice * pixels, (slice + 1) * pixels);
    if (own.includes(1)) slices.set(slice, own);
  }
  return slices;
}
