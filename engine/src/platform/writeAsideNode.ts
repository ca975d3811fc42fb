import { createHash, randomUUID } from 'node:crypto';
import {
  chmod,
  lstat,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** Begins the name of each file written aside; says which computer and process writes it. */
const PREFIX = '.fewshot-sam-';
const MOST_LINKS = 40;

/**
 * Writes a file aside, checks it on the disk and renames it: a full disk or a killed process leaves
 * neither half a file nor loses an older one. A symbolic link stays one; its target is written. An older
 * file keeps its permissions.
 *
 * @param write writes the file that it is given; may return how many bytes that file must have
 * @param ending of that file, for those who go by it
 * @throws what `write` throws, or the file system; `ENOSPC` when the file is shorter than it should be
 *   or empty. Nothing is left beside the file then
 */
export async function writeAside(
  file: string,
  write: (aside: string) => Promise<unknown>,
  ending = '',
): Promise<void> {
  const target = await outputTarget(file);
  const folder = path.dirname(target);
  const older = await stat(target).catch(() => null);
  if (older && !older.isFile()) throw fileError('EINVAL', 'it is not a regular file');
  await removeStale(folder);
  const aside = path.join(folder, `${PREFIX}${host()}-${process.pid}-${randomUUID()}${ending}`);
  try {
    const bytes = await write(aside);
    await checkWritten(aside, typeof bytes === 'number' ? bytes : undefined);
    if (older) await chmod(aside, older.mode & 0o7777);
    await rename(aside, target);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

/**
 * The file that is written when `file` is named: symbolic links are followed, also to a file that is not
 * there yet.
 *
 * @throws ENOENT when the folder is missing, ELOOP when links go in circles
 */
export async function outputTarget(file: string): Promise<string> {
  let place = path.resolve(file);
  for (let links = 0; links < MOST_LINKS; links++) {
    const folder = await realpath(path.dirname(place));
    place = path.join(folder, path.basename(place));
    const found = await lstat(place).catch(() => null);
    if (!found?.isSymbolicLink()) return place;
    place = path.resolve(folder, await readlink(place));
  }
  throw fileError('ELOOP', 'its symbolic links go in circles');
}

/** Some libraries report success although the disk was full: the file itself has to tell. */
async function checkWritten(aside: string, bytes: number | undefined): Promise<void> {
  const handle = await open(aside, 'r+');
  try {
    // Some file systems report a full disk only now.
    await handle.sync();
    const { size } = await handle.stat();
    if (size === 0 && bytes !== 0) throw fileError('ENOSPC', 'no space left on device, 0 bytes');
    if (bytes !== undefined && size !== bytes) {
      throw fileError('ENOSPC', `no space left on device, ${size} of ${bytes} bytes`);
    }
  } finally {
    await handle.close();
  }
}

/** Makes the new name last. Not every system can do it, and the content is safe either way. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Removes what processes of this computer left when they were killed while writing. */
async function removeStale(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(`${PREFIX}${host()}-`)) continue;
    const pid = Number(name.slice(PREFIX.length).split('-')[1]);
    if (!pid || isRunning(pid)) continue;
    await rm(path.join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** Whether a process of this computer runs, whoever started it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** A computer's name may tell whose it is: only a hash gets into file names. */
function host(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function fileError(code: string, words: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${words}`), { code });
}
