import { stat } from 'node:fs/promises';
import { FewshotError, type OnNote } from 'fewshot-sam';
import { readDicomSeries } from 'fewshot-sam-dicom/node';
import { readNifti, type VolumeUse } from '../nifti/readNiftiNode';
import type { FileVolume } from '../nifti/niftiGeometry';

/**
 * Reads a 3D image: a NIfTI file, or a folder of one DICOM series (its slices sorted by position,
 * ascending; files that are no images are ignored): a file for each slice, or enhanced multi-frame CT
 * or MR.
 *
 * @param what what the image is to the user, e.g. `--image`; begins messages
 * @param onNote hears what the user should know of an image that is read all the same
 * @throws FewshotError `bad-input` when it is not there or unreadable, `bad-geometry` when it is no
 *   3D volume
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
