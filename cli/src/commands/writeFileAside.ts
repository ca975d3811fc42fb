import { writeFile } from 'node:fs/promises';
import { FewshotError } from 'fewshot-sam';
import { writeAside } from 'fewshot-sam/node';

/**
 * Writes a file as a whole or not at all, see `writeAside`.
 *
 * @param option the option that names the file, e.g. `--out`
 * @throws FewshotError `bad-input` when it cannot be written
 */
export async function writeFileAside(
  option: string,
  file: string,
  content: string | Uint8Array,
): Promise<void> {
  try {
    await writeAside(file, async aside => {
      await writeFile(aside, content);
      return Buffer.byteLength(content);
    });
  } catch (error) {
    throw new FewshotError(
      'bad-input',
      `${option} ${file} could not be written: ${(error as Error).message}.`,
      'Make room on the disk, or give a path that can be written; a file that was there before is unchanged.',
      { cause: error },
    );
  }
}
