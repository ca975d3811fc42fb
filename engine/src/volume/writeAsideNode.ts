import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * Writes a file aside and renames it: a full disk or an interrupted run leaves neither half a file nor
 * loses an older one.
 *
 * @param write writes the file that it is given
 * @param ending of that file, for those who go by it
 * @throws what `write` throws, or the file system; nothing is left beside the file then
 */
export async function writeAside(
  file: string,
  write: (aside: string) => Promise<unknown>,
  ending = '',
): Promise<void> {
  const aside = path.join(path.dirname(path.resolve(file)), `.${randomUUID()}${ending}`);
  try {
    await write(aside);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
}
