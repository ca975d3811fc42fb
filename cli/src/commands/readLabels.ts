import { readFile } from 'node:fs/promises';
import { readSegmentation } from 'fewshot-sam-dicom/seg';
import type { ReadSegment } from 'fewshot-sam-dicom';
import {
  FewshotError,
  type OnNote,
  type Volume,
  type VolumeGeometry,
  voxelCount,
} from 'fewshot-sam';
import { checkLabelsPlace } from '../volume/checkLabelsPlace';
import { matchLabels } from '../volume/matchLabels';
import { readVolume } from '../volume/readVolumeNode';
import type { FileVolume } from '../nifti/niftiGeometry';
import { checkHasSeries, isSegFile, readSourceSeries } from './sourceSeries';

/** Labels on the grid of the image. */
export interface Labels {
  volume: Volume;
  /** Segments of a DICOM SEG by number; empty for other files. */
  segments: ReadonlyMap<number, ReadSegment>;
}

/**
 * Reads the labels of an image: NIfTI or a DICOM series of label values, on any grid, or a DICOM SEG of its
 * series, whose segment numbers are the values.
 *
 * @param structures wanted values; they take precedence where other segments overlap them
 * @param settings `option`: name of the labels, e.g. `--labels`; begins messages. `onNote` is called for
 *   parts of a DICOM SEG that were excluded, or read differently from what DICOM defines
 * @throws FewshotError `bad-input` when they cannot be read or wanted segments overlap, `bad-geometry`
 *   when they do not belong to the image
 */
export async function readLabels(
  location: string,
  image: { location: string; volume: FileVolume },
  structures: readonly (readonly number[])[],
  { option = '--labels', onNote }: { option?: string; onNote?: OnNote } = {},
): Promise<Labels> {
  if (!isSegFile(location)) {
    const labels = await readVolume(location, option, onNote, 'labels');
    checkLabelsPlace(labels, image.volume, option);
    return { volume: matchLabels(labels, image.volume), segments: new Map() };
  }
  const name = `${option} ${location}`;
  await checkHasSeries(name, image.location);
  const bytes = await readFile(location).catch((error: NodeJS.ErrnoException) => {
    throw new FewshotError(
      'bad-input',
      `${name} cannot be read (${error.code}).`,
      'Give the path of a NIfTI file or of a DICOM SEG.',
      { cause: error },
    );
  });
  const { segments, remarks } = await readSegmentation(
    bytes,
    await readSourceSeries(image.location),
  );
  for (const remark of remarks) onNote?.(`${option}: ${remark}`);
  return {
    volume: labelVolume(segments, image.volume, structures),
    segments: new Map(segments.map(segment => [segment.number, segment])),
  };
}

/**
 * Combines segments into one volume of their numbers.
 *
 * @throws FewshotError `bad-input` when segments of two structures share a voxel
 */
export function labelVolume(
  segments: readonly Pick<ReadSegment, 'number' | 'masks'>[],
  geometry: VolumeGeometry,
  structures: readonly (readonly number[])[],
): Volume {
  const { size, spacing, origin, direction, sliceOrigins } = geometry;
  const data = new Float32Array(voxelCount(geometry));
  const structureOf = (number: number) => structures.findIndex(values => values.includes(number));
  const wantedLast = [...segments].sort(
    (a, b) => Number(structureOf(a.number) >= 0) - Number(structureOf(b.number) >= 0),
  );
  for (const { number, masks } of wantedLast) {
    const structure = structureOf(number);
    for (const [slice, mask] of masks) {
      const start = slice * size[0] * size[1];
      mask.forEach((inside, pixel) => {
        if (!inside) return;
        const other = data[start + pixel];
        const isOther = other > 0 && structure >= 0 && structureOf(other) >= 0;
        if (isOther && structureOf(other) !== structure) throw overlap(other, number, slice);
        data[start + pixel] = number;
      });
    }
  }
  return { data, size, spacing, origin, direction, sliceOrigins };
}

function overlap(first: number, second: number, slice: number): FewshotError {
  return new FewshotError(
    'bad-input',
    `Segments ${first} and ${second} overlap on slice ${slice}.`,
    'Segment one of them at a time.',
  );
}
