import { writeFile } from 'node:fs/promises';
import { FewshotError } from 'fewshot-sam';
import { writeAside } from 'fewshot-sam/node';

/**
 * Writes a file completely or not at all, see `writeAside`.
 *
 * @param option option that names the file, e.g. `--out`
 * @param ending extension of the temporary file, see `writeAside`
 * @throws FewshotError `bad-input` when it cannot be written
 */
export async function writeFileAside(
  option: string,
  file: string,
  content: string | Uint8Array,
  ending = '',
): Promise<void> {
  const write = async (aside: string) => {
    await writeFile(aside, content);
    return Buffer.byteLength(content);
  };
  try {
    await writeAside(file, write, ending);
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `${option} ${file} could not be written: ${(error as Error).message}.`,
      'Free disk space, or give a writable path; an earlier file is unchanged.',
      { cause: error },
    );
  }
}
