import type { OnNote } from 'fewshot-sam';
import { readLabelTable } from '../files/labelTable';
import type { FileVolume } from '../nifti/niftiGeometry';
import { checkLabelsPlace } from '../volume/checkLabelsPlace';
import { matchLabels } from '../volume/matchLabels';
import { readVolume } from '../volume/readVolumeNode';
import { readDicomSegments, readNamedSegments, type NamedSegment } from './namedSegments';
import { resolveStructures, type Wanted } from './resolveStructures';
import { isDicomFile } from './sourceSeries';

/** A structure of some labels. */
export interface StructureMasks {
  label: string;
  /** Values or segments that make it up, at least one. */
  numbers: number[];
  /** Slice -> mask on the grid of the image, row-major. */
  masks: ReadonlyMap<number, Uint8Array>;
}

const OPTION = '--labels';

/**
 * Reads structures one by one, so that they may overlap. See `readLabels` for the files.
 *
 * @param wanted structures by value or name; empty for all
 * @throws FewshotError as `readLabels`
 */
export async function readStructures(
  location: string,
  image: { location: string; volume: FileVolume },
  wanted: readonly Wanted[],
  onNote: OnNote,
): Promise<StructureMasks[]> {
  const labels = `${OPTION} ${location}`;
  const found = isDicomFile(location)
    ? await readDicomSegments(location, image.location, labels)
    : await readNamedSegments(location, image.volume, OPTION, onNote);
  for (const remark of found?.remarks ?? []) onNote(`${OPTION}: ${remark}`);
  const segments = found?.segments ?? (await valuesOf(location, image.volume, onNote));
  const structures = wanted.length
    ? resolveStructures(wanted, segments, { label: '--label', labels })
    : segments.map(({ number }) => [number]);
  return structures.map(numbers => {
    const parts = numbers.flatMap(
      number => segments.find(segment => segment.number === number) ?? [],
    );
    const filled = parts.map(part => part.fill());
    for (const remark of filled.flatMap(({ remarks }) => remarks)) onNote(`${OPTION}: ${remark}`);
    const label = parts.map(part => part.label || `label ${part.number}`).join(', ');
    return { label, numbers, masks: united(filled.map(({ masks }) => masks)) };
  });
}

/** The values of a label volume as segments, with the names of the table beside it. */
async function valuesOf(
  location: string,
  image: FileVolume,
  onNote: OnNote,
): Promise<Pick<NamedSegment, 'number' | 'label' | 'fill'>[]> {
  const file = await readVolume(location, OPTION, onNote, 'labels');
  checkLabelsPlace(file, image, OPTION);
  const table = await readLabelTable(location, OPTION);
  const { data, size } = matchLabels(file, image);
  const pixels = size[0] * size[1];
  const values = [...new Set(data)].filter(value => value > 0).sort((a, b) => a - b);
  return values.map(value => ({
    number: value,
    label: table?.find(({ number }) => number === value)?.label ?? '',
    fill: () => {
      const masks = new Map<number, Uint8Array>();
      for (let slice = 0; slice < size[2]; slice++) {
        const own = data.subarray(slice * pixels, (slice + 1) * pixels);
        if (own.includes(value))
          masks.set(
            slice,
            Uint8Array.from(own, each => +(each === value)),
          );
      }
      return { masks, remarks: [] };
    },
  }));
}

function united(parts: ReadonlyMap<number, Uint8Array>[]): ReadonlyMap<number, Uint8Array> {
  if (parts.length === 1) return parts[0];
  const masks = new Map<number, Uint8Array>();
  for (const [slice, mask] of parts.flatMap(part => [...part])) {
    const before = masks.get(slice);
    masks.set(slice, before ? mask.map((inside, i) => inside | before[i]) : mask);
  }
  return masks;
}
