import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** File in the plug-in's folder that lists every other file there. */
export const FILE_LIST = 'files.json';

/** Files that browsers do not run. */
const NOT_RUN = /\.(map|txt)$/;

/**
 * Hashes all files in a folder and below that a browser runs, with SHA-256.
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
