import type { ReadSegment, ReadSegmentDescription } from 'fewshot-sam-dicom';
import {
  FewshotError,
  type OnNote,
  type Volume,
  type VolumeGeometry,
  voxelCount,
} from 'fewshot-sam';
import { readLabelTable } from '../files/labelTable';
import { checkLabelsPlace } from '../volume/checkLabelsPlace';
import { matchLabels } from '../volume/matchLabels';
import { readVolume } from '../volume/readVolumeNode';
import type { FileVolume } from '../nifti/niftiGeometry';
import { readDicomSegments, readNamedSegments } from './namedSegments';
import { type Choice, resolveStructures, type Wanted } from './resolveStructures';
import { isDicomFile } from './sourceSeries';

/** Labels on the grid of the image. */
export interface Labels {
  volume: Volume;
  /** Segments by their value in the volume; empty for labels without names. */
  segments: ReadonlyMap<number, ReadSegmentDescription>;
  /** For each wanted structure, the values that together make it up. */
  structures: number[][];
}

export interface LabelSettings {
  /** Name of the labels, e.g. `--labels`; begins messages. */
  option?: string;
  /** Name of the wanted structures in messages, e.g. `--label`. */
  labelOption?: string;
  /** Called for parts that were excluded, or read differently from what the format defines. */
  onNote?: OnNote;
}

/**
 * Reads the labels of an image: NIfTI, NRRD, MetaImage or a DICOM series of label values, on any grid; or
 * segments with names: a DICOM SEG or RTSTRUCT of its series, whose segment or ROI numbers are the values,
 * or a segmentation by 3D Slicer (.seg.nrrd).
 *
 * @param wanted structures by value or name; they take precedence where other segments overlap them
 * @throws FewshotError `bad-input` when they cannot be read, a structure is not there, or wanted segments
 *   overlap; `bad-geometry` when they do not belong to the image
 */
export async function readLabels(
  location: string,
  image: { location: string; volume: FileVolume },
  wanted: readonly Wanted[],
  { option = '--labels', labelOption = '--label', onNote }: LabelSettings = {},
): Promise<Labels> {
  const names = { label: labelOption, labels: `${option} ${location}` };
  const found = isDicomFile(location)
    ? await readDicomSegments(location, image.location, names.labels)
    : await readNamedSegments(location, image.volume, option, onNote);
  if (!found) {
    const labels = await readVolume(location, option, onNote, 'labels');
    checkLabelsPlace(labels, image.volume, option);
    const table = await readLabelTable(location, option);
    const choices = table && withTable(table, labels.data);
    return {
      volume: matchLabels(labels, image.volume),
      segments: new Map(table?.map(row => [row.number, row])),
      structures: resolveStructures(wanted, choices, names),
    };
  }
  const structures = resolveStructures(wanted, found.segments, names);
  for (const remark of found.remarks) onNote?.(`${option}: ${remark}`);
  // Others may lie elsewhere, overlap, or be damaged.
  const isWanted = ({ number }: { number: number }) =>
    found.isLazy !== true || structures.flat().includes(number);
  const filled = found.segments.filter(isWanted).map(segment => {
    const { masks, remarks } = segment.fill();
    for (const remark of remarks) onNote?.(`${option}: ${remark}`);
    return { number: segment.number, masks };
  });
  return {
    volume: labelVolume(filled, image.volume, structures),
    segments: new Map(found.segments.map(segment => [segment.number, segment])),
    structures,
  };
}

/** Returns what a label volume can be asked for: values of the table, and those without a name. */
function withTable(table: readonly Choice[], data: Float32Array): Choice[] {
  const named = new Set(table.map(({ number }) => number));
  const others = [...new Set(data)].filter(value => value > 0 && !named.has(value));
  return [...table, ...others.sort((a, b) => a - b).map(number => ({ number, label: '' }))];
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
