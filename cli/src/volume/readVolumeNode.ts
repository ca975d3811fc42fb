import { stat } from 'node:fs/promises';
import { FewshotError, type OnNote } from 'fewshot-sam';
import { readDicomSeries } from 'fewshot-sam-dicom/node';
import { isMetaImageFile, readMetaImage } from '../metaImage/readMetaImageNode';
import { isNrrdFile, readNrrd } from '../nrrd/readNrrdNode';
import { readNifti, type VolumeUse } from '../nifti/readNiftiNode';
import type { FileVolume } from '../nifti/niftiGeometry';

/**
 * Reads a 3D image: a NIfTI, NRRD or MetaImage file, or a folder of one DICOM series, with one file per slice or as enhanced
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
      'Give the path of a NIfTI, NRRD or MetaImage file, or of a folder of one DICOM series.',
      { cause: error },
    );
  });
  if (found.isDirectory()) return readDicomSeries(location, what, onNote);
  if (isNrrdFile(location)) return readNrrd(location, what, onNote, use);
  if (isMetaImageFile(location)) return readMetaImage(location, what, onNote, use);
  return readNifti(location, what, onNote, use);
}
