import { stat } from 'node:fs/promises';
import { FewshotError, type OnNote } from 'fewshot-sam';
import { readDicomSeries } from 'fewshot-sam-dicom/node';
import { readNifti, type VolumeUse } from '../nifti/readNiftiNode';
import type { FileVolume } from '../nifti/niftiGeometry';

/**
 * Reads a 3D image: a NIfTI file, or a folder of one DICOM series, with one file per slice or as enhanced
 * multi-frame CT or MR. Sorts slices by position, ascending, and ignores files that are not images.
 *
 * @param what name of the image for the user, e.g. `--image`; begins messages
 * @param onNote called with problems of an image that can be read all the same
 * @throws FewshotError `bad-input` when it is missing or unreadable, `bad-geometry` when it is not a 3D
 *   volume
 */
export async function readVolume(
  location: string,
  what: string,
  onNote: OnNote = () => undefined,
  use: VolumeUse = 'image',
): Promise<FileVolume> {
  const name = `${what} ${location}`;
  const found = await stat(location).catch((error: NodeJS.ErrnoException) => {
    throw new FewshotError(
      'bad-input',
      error.code === 'ENOENT'
        ? `${name} does not exist.`
        : `${name} cannot be read (${error.code}).`,
      'Give the path of a NIfTI file or of a folder of one DICOM series.',
      { cause: error },
    );
  });
  return found.isDirectory()
    ? readDicomSeries(location, what, onNote)
    : readNifti(location, what, onNote, use);
}
