import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { FewshotError } from 'fewshot-sam';
import { outputTarget } from 'fewshot-sam/node';

/** An option and its path; absent paths are skipped. */
export type Named = readonly [option: string, place: string | undefined];

/**
 * Reports before a long computation that a result could not be written, or would overwrite its input.
 * Compares files, not path texts: follows symbolic and hard links, `..`, and names that differ only in
 * case.
 *
 * @param outputs files that will be written
 * @param inputs files that are read; for a folder, everything in it
 * @throws FewshotError `bad-input`
 */
export async function checkOutputs(
  outputs: readonly Named[],
  inputs: readonly Named[],
): Promise<void> {
  const checked: { words: string; target: string }[] = [];
  for (const [option, file] of outputs) {
    if (file === undefined) continue;
    const words = `${option} ${file}`;
    const target = await checkWritable(option, file);
    for (const [other, place] of inputs) {
      if (place !== undefined) await checkApart([option, file], target, `${other} ${place}`, place);
    }
    for (const earlier of checked) {
      if (await isSameFile(target, earlier.target)) throw sameFile(words, earlier.words);
    }
    checked.push({ words, target });
  }
}

async function checkApart(
  [option, file]: readonly [string, string],
  target: string,
  input: string,
  place: string,
): Promise<void> {
  if (await isSameFile(target, place)) throw sameFile(`${option} ${file}`, input);
  const found = await stat(place).catch(() => null);
  if (!found?.isDirectory()) return;
  // Check both folders: a link in the input folder would be read, wherever its target lies.
  for (const folder of [path.dirname(path.resolve(file)), path.dirname(target)]) {
    if (await isSameFile(folder, place)) {
      throw new FewshotError(
        'bad-input',
        `${option} ${file} lies in the folder ${input}: the next run would read it as part of the input.`,
        'Give a path outside of that folder.',
      );
    }
  }
}

function sameFile(words: string, other: string): FewshotError {
  return new FewshotError(
    'bad-input',
    `${words} is the same file as ${other}, which would be overwritten.`,
    'Give another file name.',
  );
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all(
    [one, other].map(place => stat(place, { bigint: true }).catch(() => null)),
  );
  if (a && b) return a.dev === b.dev && a.ino === b.ino;
  if (a || b) return false;
  // Neither exists yet. Many file systems ignore case in names.
  const [first, second] = await Promise.all([one, other].map(comparable));
  return first === second;
}

async function comparable(place: string): Promise<string> {
  const target = await outputTarget(place).catch(() => path.resolve(place));
  return target.normalize('NFC').toLowerCase();
}

/** Checks that a file can be written. @returns the file that will be written, with links followed */
async function checkWritable(option: string, file: string): Promise<string> {
  const refuse = (why: string, remedy: string, cause?: unknown) =>
    new FewshotError('bad-input', `${option} ${file} ${why}.`, remedy, { cause });
  const elsewhere = 'Give a path in a folder that exists and can be written.';
  let target: string;
  try {
    target = await outputTarget(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const folder = path.dirname(path.resolve(file));
    const isLink = await realpath(folder).then(
      () => true,
      () => false,
    );
    const why =
      code === 'ELOOP'
        ? 'cannot be written: its symbolic links go in circles'
        : isLink
          ? 'cannot be written: it is a symbolic link into a missing folder'
          : `cannot be written: the folder ${folder} is missing or read-only`;
    throw refuse(why, elsewhere, error);
  }
  const folder = path.dirname(target);
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const why = `cannot be written: the folder ${folder} is missing or read-only`;
    throw refuse(why, elsewhere, error);
  }
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory()) throw refuse('is a folder', 'Give a file name.');
  if (found && !found.isFile()) {
    const remedy =
      option === '--json'
        ? 'Give a file name, or --json - for the standard output where the command supports it.'
        : 'Give a file name: results are verified on the disk.';
    throw refuse('is a device or a pipe, not a file', remedy);
  }
  return target;
}
