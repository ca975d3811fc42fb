import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type VolumeGeometry, voxelCount } from 'fewshot-sam';
import { writeFileAside } from '../files/writeFileAside';
import { NiftiFields, LAYOUTS, type NiftiForm } from './niftiFields';
import { niftiForm } from './niftiForm';
import type { FileVolume } from './niftiGeometry';

const UINT8 = [2, 8] as const;
const UINT16 = [512, 16] as const;
/** NIfTI-1 stores the voxels along an axis in a signed 16-bit integer. */
const LONGEST_AXIS = 32767;

/**
 * Writes a mask as a NIfTI file, with 8 or 16 bits like the array. Copies the geometry fields of a NIfTI
 * image (sform, qform, their codes, voxel size, units), so that programs that choose differently among them
 * still place it on the image.
 *
 * @param mask voxel (x, y, z) at x + nx * (y + ny * z)
 * @param file ends with .nii or .nii.gz (compressed)
 * @throws FewshotError `bad-input` when it cannot be written; no partial file remains
 */
export async function writeMaskNifti(
  mask: Uint8Array | Uint16Array,
  image: VolumeGeometry & Pick<FileVolume, 'nifti'>,
  file: string,
): Promise<void> {
  const compressed = /\.gz$/i.test(file);
  const bytes = maskNifti(mask, image);
  const content = compressed ? await promisify(gzip)(bytes) : bytes;
  await writeFileAside('--out', file, content, compressed ? '.nii.gz' : '.nii');
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

/** Drops the sizes beyond three dimensions, which a mask does not have. */
function withoutTime(form: NiftiForm): NiftiForm {
  return { ...form, pixdim: form.pixdim.map((value, i) => (i > 3 ? 1 : value)) };
}
