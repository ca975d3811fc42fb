import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { FewshotError, type VolumeGeometry, voxelCount } from 'fewshot-sam';
import { NiftiFields, LAYOUTS, type NiftiForm } from './niftiFields';
import { niftiForm } from './niftiForm';
import type { FileVolume } from './niftiGeometry';
import { writeAside } from 'fewshot-sam/node';

const UINT8 = [2, 8] as const;
const UINT16 = [512, 16] as const;
/** NIfTI-1 counts voxels along an axis in 16 bits with a sign. */
const LONGEST_AXIS = 32767;

/**
 * Writes a mask as a NIfTI file, of 8 or 16 bit as the array has. It has the very geometry fields of its
 * image where that is a NIfTI file (sform, qform, their codes, voxel size, units), so that programs that
 * choose differently among them still put it on the image.
 *
 * @param mask voxel (x, y, z) at x + nx * (y + ny * z)
 * @param file ends with .nii or .nii.gz (compressed)
 * @throws FewshotError `bad-input` when it cannot be written; no part of a file is left then
 */
export async function writeMaskNifti(
  mask: Uint8Array | Uint16Array,
  image: VolumeGeometry & Pick<FileVolume, 'nifti'>,
  file: string,
): Promise<void> {
  const compressed = /\.gz$/i.test(file);
  const bytes = maskNifti(mask, image);
  try {
    const content = compressed ? await promisify(gzip)(bytes) : bytes;
    const write = async (aside: string) => {
      await writeFile(aside, content);
      return content.byteLength;
    };
    await writeAside(file, write, compressed ? '.nii.gz' : '.nii');
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `--out ${file} could not be written: ${(error as Error).message}.`,
      'Make room on the disk, or give a path that can be written; a file that was there before is unchanged.',
      { cause: error },
    );
  }
}

function maskNifti(
  mask: Uint8Array | Uint16Array,
  image: VolumeGeometry & Pick<FileVolume, 'nifti'>,
): Uint8Array {
  if (mask.length !== voxelCount(image)) {
    throw new RangeError(`${mask.length} values for a volume of ${image.size.join(' x ')} voxels`);
  }
  const given = image.nifti?.form ?? niftiForm(image);
  const version = Math.max(...image.size) > LONGEST_AXIS ? 2 : given.version;
  const { dataStart, headerSize, magic } = LAYOUTS[version];
  const bytes = new Uint8Array(dataStart + mask.byteLength);
  const fields = new NiftiFields(bytes, version, true);
  new DataView(bytes.buffer).setInt32(0, headerSize, true);
  bytes.set(
    [...magic.single].map(letter => letter.charCodeAt(0)),
    magic.offset,
  );
  fields.dim = [3, ...image.size, 1, 1, 1, 1];
  fields.type = mask instanceof Uint16Array ? UINT16 : UINT8;
  fields.voxOffset = dataStart;
  fields.scaling = [1, 0];
  fields.form = withoutTime(given);
  bytes.set(new Uint8Array(mask.buffer, mask.byteOffset, mask.byteLength), dataStart);
  return bytes;
}

/** A mask has three dimensions, whatever its image had beyond. */
function withoutTime(form: NiftiForm): NiftiForm {
  return { ...form, pixdim: form.pixdim.map((value, i) => (i > 3 ? 1 : value)) };
}
