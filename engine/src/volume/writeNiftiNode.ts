import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
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
      async aside => {
        await writeImageNode(image, aside, { useCompression: compressed });
        await checkComplete(aside, compressed, mask.byteLength);
      },
      compressed ? '.nii.gz' : '.nii',
    );
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `--out ${file} could not be written: ${(error as Error).message}.`,
      'Make room on the disk, or give a path that can be written; a file that was there before is unchanged.',
      { cause: error },
    );
  }
}

/** Bytes of a NIfTI-1 header. */
const HEADER = 348;

/**
 * ITK-Wasm reports no full disk: the file is read back, also what it decompresses to.
 *
 * @param voxels bytes of all voxels
 * @throws ENOSPC when something is missing
 */
async function checkComplete(file: string, compressed: boolean, voxels: number): Promise<void> {
  let size = 0;
  let cause: unknown;
  try {
    if (!compressed) size = (await stat(file)).size;
    else {
      await pipeline(createReadStream(file), createGunzip(), async chunks => {
        for await (const chunk of chunks as AsyncIterable<Buffer>) size += chunk.length;
      });
    }
  } catch (error) {
    cause = error;
  }
  if (cause === undefined && size >= HEADER + voxels) return;
  const words = `ENOSPC: no space left on device, ${size} of ${HEADER + voxels} bytes`;
  throw Object.assign(new Error(words, { cause }), { code: 'ENOSPC' });
}
