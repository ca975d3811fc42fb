import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { FewshotError, type OnNote } from 'fewshot-sam';
import { niftiGeometry, type FileVolume } from './niftiGeometry';
import { readNiftiHeader } from './niftiHeader';
import { niftiVoxels, voxelText } from './niftiVoxels';

/** `labels`: integers, 0 for background. */
export type VolumeUse = 'image' | 'labels';

/**
 * Reads a NIfTI file, or a pair of `.hdr` and `.img`; detects compression regardless of the name. NaN and
 * infinities of an image do not count for the window's percentiles: NaN becomes -Infinity, which every
 * window shows as its lowest value. In labels NaN becomes 0.
 *
 * @param what name of the image for the user, e.g. `--image`; begins notes
 * @throws FewshotError `bad-input` when it is not a NIfTI file, is damaged, does not hold numbers, or has
 *   labels that are not integers; `bad-geometry` when it is not a 3D volume or has no valid geometry
 */
export async function readNifti(
  file: string,
  what: string,
  onNote: OnNote,
  use: VolumeUse,
): Promise<FileVolume> {
  const name = `${what} ${file}`;
  const ending = /\.(nii|hdr|img)(\.gz)?$/i.exec(file);
  if (!ending) {
    throw new FewshotError(
      'bad-input',
      `${name} is not a NIfTI file (.nii or .nii.gz), nor NRRD (.nrrd) or MetaImage (.mha).`,
      'Convert it to NIfTI; for DICOM give the folder of the series.',
    );
  }
  const isPair = ending[1].toLowerCase() !== 'nii';
  const [main, voxels] = isPair
    ? await Promise.all([
        readContent(await partner(file, 'hdr', name), name),
        readContent(await partner(file, 'img', name), name),
      ])
    : [await readContent(file, name), undefined];
  const header = readNiftiHeader(main, name, voxels);
  const { geometry, placement, candidates, notes } = niftiGeometry(header.form, header.size, name);
  const data = niftiVoxels(voxels ?? main, header, name, use === 'labels');
  const valueNote = checkValues(data, header.size, name, use);
  for (const note of [...header.notes, ...notes, ...valueNote]) onNote(`${what} ${note}`);
  return { data, ...geometry, nifti: { form: header.form, placement, candidates } };
}

/** Reads a file; decompresses gzip, whatever the name. */
export async function readContent(file: string, name: string): Promise<Uint8Array> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new FewshotError(
      'bad-input',
      `${name} cannot be read (${error.code}).`,
      error.code === 'ERR_FS_FILE_TOO_LARGE'
        ? 'Give a file of less than 2 GB, e.g. compressed or cropped.'
        : 'Check the permissions of the file.',
      { cause: error },
    );
  });
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  return promisify(gunzip)(bytes).catch((error: Error) => {
    throw new FewshotError(
      'bad-input',
      `${name} cannot be decompressed (${error.message}).`,
      'Copy or export the file again.',
      { cause: error },
    );
  });
}

/**
 * Checks the values of an image or of labels, and replaces those that are no numbers; see `readNifti`.
 *
 * @returns notes, as sentences that continue after the name
 */
export function checkValues(
  data: Float32Array,
  size: readonly number[],
  name: string,
  use: VolumeUse,
): string[] {
  return use === 'labels' ? roundLabels(data, size, name) : setNotNumbers(data, size, name);
}

/** Returns one file of a pair, given either: with the same compression, else with the other. */
async function partner(file: string, kind: 'hdr' | 'img', name: string): Promise<string> {
  const given = /^(.*)\.(hdr|img)(\.gz)?$/is.exec(file)!;
  const [, stem, ownKind, compressed = ''] = given;
  if (ownKind.toLowerCase() === kind) return file;
  const ending = ownKind === ownKind.toUpperCase() ? kind.toUpperCase() : kind;
  const candidates = [`${stem}.${ending}${compressed}`];
  candidates.push(compressed ? `${stem}.${ending}` : `${stem}.${ending}.gz`);
  for (const candidate of candidates) {
    const isThere = await access(candidate).then(
      () => true,
      () => false,
    );
    if (isThere) return candidate;
  }
  throw new FewshotError(
    'bad-input',
    `${name} is half of a NIfTI pair: there is no ${path.basename(candidates[0])} beside it.`,
    'Put both files into one folder, or convert them to one .nii file.',
  );
}

/** @returns notes */
function setNotNumbers(data: Float32Array, size: readonly number[], name: string): string[] {
  const counts = { NaN: 0, Infinity: 0, '-Infinity': 0 };
  let first = -1;
  for (let voxel = 0; voxel < data.length; voxel++) {
    const value = data[voxel];
    if (Number.isFinite(value)) continue;
    if (first < 0) first = voxel;
    counts[String(value) as keyof typeof counts]++;
    if (Number.isNaN(value)) data[voxel] = -Infinity;
  }
  if (first < 0) return [];
  const found = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([value, count]) => `${value} at ${count}`)
    .join(', ');
  const where = `of ${data.length} voxels, first at ${voxelText(first, size)}`;
  if (counts.NaN + counts.Infinity + counts['-Infinity'] === data.length) {
    throw new FewshotError(
      'bad-input',
      `${name} holds no numbers (${found} ${where}).`,
      'Export the image again.',
    );
  }
  return [
    `holds ${found} ${where}. They do not count for the window; NaN is shown as its lowest value.`,
  ];
}

/** Tolerance for noise of scaling and resampling; anything more is not a label. */
const WHOLE = 1e-3;

/** @returns notes */
function roundLabels(data: Float32Array, size: readonly number[], name: string): string[] {
  let [missing, first] = [0, -1];
  for (let voxel = 0; voxel < data.length; voxel++) {
    const value = data[voxel];
    if (Number.isNaN(value)) {
      if (missing++ === 0) first = voxel;
      data[voxel] = 0;
      continue;
    }
    const whole = Math.round(value);
    if (!(Math.abs(value - whole) <= WHOLE)) {
      throw new FewshotError(
        'bad-input',
        `${name} holds ${value} at voxel ${voxelText(voxel, size)}: label values are whole numbers.`,
        'Give a label map; threshold probabilities first, and resample labels by nearest neighbor.',
      );
    }
    // Turn -0 into 0.
    data[voxel] = whole + 0;
  }
  return missing === 0
    ? []
    : [
        `holds NaN at ${missing} of ${data.length} voxels, first at ${voxelText(first, size)}: read as background (0).`,
      ];
}
