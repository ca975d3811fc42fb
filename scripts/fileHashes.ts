import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Lies in the plug-in's folder and names every other file there. */
export const FILE_LIST = 'files.json';

/** Files that no browser runs. */
const NOT_RUN = /\.(map|txt)$/;

/**
 * SHA-256 of what a folder and those below it hold, for the browser to run.
 *
 * @returns path inside the folder, with slashes -> lower-case hex, in alphabetical order
 */
export async function fileHashes(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map(name => name.split(path.sep).join('/'))
    .filter(name => !NOT_RUN.test(name) && name !== FILE_LIST);
  const hashes: Record<string, string> = {};
  for (const name of names.sort()) {
    const bytes = await readFile(path.join(folder, name));
    hashes[name] = createHash('sha256').update(bytes).digest('hex');
  }
  return hashes;
}
