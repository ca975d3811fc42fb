import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FewshotError, type OnNote } from 'fewshot-sam';
import type { FileVolume } from '../nifti/niftiGeometry';
import { ARRAYS, niftiVoxels } from '../nifti/niftiVoxels';
import { checkValues, readContent, type VolumeUse } from '../nifti/readNiftiNode';
import { readNrrdHeader, type NrrdHeader } from './nrrdHeader';

/** An NRRD file in memory. */
export interface NrrdVolume extends FileVolume {
  /** All layers of a segmentation; `data` holds the first one. */
  layers: Float32Array[];
  /** Key/value pairs of the header. */
  fields: ReadonlyMap<string, string>;
  notes: string[];
}

export const isNrrdFile = (file: string): boolean => /\.(nrrd|nhdr)$/i.test(file);

/**
 * Reads an NRRD file, with its voxels (.nrrd) or beside them (.nhdr): raw, gzip or ascii, one value for each
 * voxel, or layers of a segmentation. Places it in DICOM's patient coordinates, in mm.
 *
 * @param what name of the image for the user, e.g. `--image`; begins notes
 * @throws FewshotError as `readNifti`
 */
export async function readNrrd(
  file: string,
  what: string,
  onNote: OnNote,
  use: VolumeUse,
): Promise<NrrdVolume> {
  const name = `${what} ${file}`;
  const bytes = await readContent(file, name);
  const header = readNrrdHeader(bytes, name);
  const stored = await storedBytes(bytes, header, file, name);
  const { size } = header.geometry;
  const voxels = size[0] * size[1] * size[2];
  const count = voxels * header.layers;
  const values =
    header.encoding === 'ascii'
      ? asciiValues(stored, count, name)
      : binaryValues(stored, header, count, name, use);
  const layers = Array.from({ length: header.layers }, (_, layer) =>
    header.layers === 1
      ? values
      : header.layersFirst
        ? Float32Array.from({ length: voxels }, (__, i) => values[i * header.layers + layer])
        : values.slice(layer * voxels, (layer + 1) * voxels),
  );
  const notes = [
    ...header.notes,
    ...layers.flatMap(layer => checkValues(layer, size, name, use)),
  ].map(note => `${what} ${note}`);
  if (header.layers > 1 && use === 'image') {
    throw new FewshotError(
      'bad-geometry',
      `${name} has ${header.layers} values for each voxel.`,
      'Give an image of one value per voxel.',
    );
  }
  notes.forEach(onNote);
  return { data: layers[0], ...header.geometry, layers, fields: header.fields, notes };
}

async function storedBytes(
  bytes: Uint8Array,
  { dataFile, encoding, end, byteSkip, lineSkip }: NrrdHeader,
  file: string,
  name: string,
): Promise<Uint8Array> {
  let stored = bytes.subarray(end);
  if (dataFile) {
    // A header names files beside it: never one elsewhere.
    const beside = path.join(path.dirname(file), path.basename(dataFile));
    stored = await readContent(beside, `${name}: its voxels in ${path.basename(dataFile)}`);
  }
  for (let line = 0; line < lineSkip; line++) stored = stored.subarray(stored.indexOf(10) + 1);
  if (encoding === 'gzip' && stored[0] === 0x1f && stored[1] === 0x8b) {
    stored = await promisify(gunzip)(stored).catch((error: Error) => {
      throw new FewshotError(
        'bad-input',
        `${name} cannot be decompressed (${error.message}).`,
        'Copy or export the file again.',
        { cause: error },
      );
    });
  }
  return byteSkip > 0 ? stored.subarray(byteSkip) : stored;
}

function binaryValues(
  stored: Uint8Array,
  { type, little, byteSkip }: NrrdHeader,
  count: number,
  name: string,
  use: VolumeUse,
): Float32Array {
  const needed = count * ARRAYS[type].BYTES_PER_ELEMENT;
  if (stored.length < needed) {
    throw new FewshotError(
      'bad-input',
      `${name} is cut off: it has ${stored.length} bytes of voxels, not ${needed}.`,
      'Copy or export the file again.',
    );
  }
  // A skip of -1 means that the voxels are at the end.
  const dataOffset = byteSkip === -1 ? stored.length - needed : 0;
  const layout = { type, little, dataOffset, slope: 1, intercept: 0 };
  return niftiVoxels(stored, { ...layout, size: [count, 1, 1] }, name, use === 'labels');
}

function asciiValues(stored: Uint8Array, count: number, name: string): Float32Array {
  const words = new TextDecoder()
    .decode(stored)
    .trim()
    .split(/[\s,]+/);
  const values = Float32Array.from(words, Number);
  if (values.length === count && values.every(value => !Number.isNaN(value))) return values;
  throw new FewshotError(
    'bad-input',
    `${name} has ${values.length} values as text, not ${count} numbers.`,
    'Copy or export the file again.',
  );
}
