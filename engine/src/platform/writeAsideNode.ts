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

/** Prefix of temporary file names; computer and process follow. */
const PREFIX = '.fewshot-sam-';
const MOST_LINKS = 40;

/**
 * Writes a temporary file, checks it on the disk and renames it, so that a full disk or a killed process
 * neither leaves half a file nor loses an older one. Follows a symbolic link and writes its target. An
 * older file keeps its permissions.
 *
 * @param write writes the file at the given path; may return how many bytes that file must have
 * @param ending extension of the temporary file, for writers that depend on it
 * @throws what `write` or the file system throws; `ENOSPC` when the file is empty or too short. The
 *   temporary file is removed
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
 * Returns the file that writing to `file` writes: follows symbolic links, also to a file that does not
 * exist yet.
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

/** Checks the file itself: some libraries report success although the disk is full. */
async function checkWritten(aside: string, bytes: number | undefined): Promise<void> {
  const handle = await open(aside, 'r+');
  try {
    // Some file systems report a full disk only on sync.
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

/** Makes the rename durable. Not every system can, and the content is safe either way. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

/** Removes temporary files of processes on this computer that were killed while writing. */
async function removeStale(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(`${PREFIX}${host()}-`)) continue;
    const pid = Number(name.slice(PREFIX.length).split('-')[1]);
    if (!pid || isRunning(pid)) continue;
    await rm(path.join(folder, name), { force: true }).catch(() => undefined);
  }
}

/** Whether a process with this id is running on this computer, whoever started it. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Hash of the computer's name: the name itself may identify its owner, so it stays out of file names. */
function host(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function fileError(code: string, words: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${words}`), { code });
}
