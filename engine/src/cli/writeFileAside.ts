import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FewshotError } from '../errors';

/**
 * Writes a file aside and renames it: a full disk or an interrupted run leaves neither half a file nor
 * loses an older one.
 *
 * @param option the option that names the file, e.g. `--out`
 * @throws FewshotError `bad-input` when it cannot be written
 */
export async function writeFileAside(
  option: string,
  file: string,
  content: string | Uint8Array,
): Promise<void> {
  const aside = path.join(path.dirname(path.resolve(file)), `.${randomUUID()}`);
  try {
    await writeFile(aside, content);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw new FewshotError(
      'bad-input',
      `${option} ${file} could not be written: ${(error as Error).message}.`,
      'Make room on the disk, or give a path that can be written; a file that was there before is unchanged.',
      { cause: error },
    );
  }
}
