import { Image, ImageType } from 'itk-wasm';
import { FewshotError } from '../errors';
import type { VolumeGeometry } from './volume';
import { writeAside } from './writeAsideNode';

/**
 * Writes a mask as a NIfTI file with the geometry of its image, of 8 or 16 bit as the array has.
 *
 * @param mask voxel (x, y, z) at x + nx * (y + ny * z)
 * @param file ends with .nii or .nii.gz (compressed)
 * @throws FewshotError `bad-input` when it cannot be written; no part of a file is left then
 */
export async function writeMaskNifti(
  mask: Uint8Array | Uint16Array,
  { size, spacing, origin, direction }: VolumeGeometry,
  file: string,
): Promise<void> {
  const image = new Image(
    new ImageType(3, mask instanceof Uint16Array ? 'uint16' : 'uint8', 'Scalar', 1),
  );
  image.size = [...size];
  image.spacing = [...spacing];
  image.origin = [...origin];
  image.direction = Float64Array.from(direction);
  image.data = mask;
  const { writeImageNode } = await import('@itk-wasm/image-io');
  const compressed = /\.gz$/i.test(file);
  try {
    await writeAside(
      file,
      aside => writeImageNode(image, aside, { useCompression: compressed }),
      compressed ? '.nii.gz' : '.nii',
    );
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `The mask could not be written to ${file}.`,
      'Give --out a path ending with .nii or .nii.gz in a folder that exists and can be written.',
      { cause: error },
    );
  }
}
