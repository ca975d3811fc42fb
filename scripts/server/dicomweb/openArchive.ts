import { access, constants, mkdir } from 'node:fs/promises';
import { UserError } from '../../setup/userError';
import { Archive } from './archive';

/**
 * Opens a folder of DICOM files and the instances stored earlier.
 *
 * @param folder with the images
 * @param stored folder for stored instances, created if missing
 * @returns the archive and a line about it
 * @throws UserError when the folder cannot be read, or contains no DICOM file
 */
export async function openArchive(
  folder: string,
  stored: string,
): Promise<{ archive: Archive; about: string }> {
  const archive = new Archive(stored);
  try {
    await mkdir(stored, { recursive: true });
    await access(stored, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const remedy = 'Choose another folder with --archive.';
    throw new UserError(`${stored} is not a writable folder (${code}).`, remedy, {
      cause: error,
    });
  }
  const { added, ignored } = await archive.addFolder(folder).catch(error => {
    throw new UserError(`The folder ${folder} cannot be read (${error.code}).`, 'Check --dicom.', {
      cause: error,
    });
  });
  if (added === 0) {
    throw new UserError(
      `The folder ${folder} holds no readable DICOM file (${ignored} others).`,
      'Give --dicom a folder of DICOM files (with the DICM prefix at byte 128).',
    );
  }
  await archive.removeHalfFiles();
  const kept = await archive.addFolder(stored);
  const others = ignored ? `, ${ignored} other files ignored` : '';
  return { archive, about: `DICOM: ${added} instances${others}; ${kept.added} stored earlier` };
}
