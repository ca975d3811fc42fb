import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { FewshotError } from 'fewshot-sam';
import { outputTarget } from 'fewshot-sam/node';

/** An option and the path given to it; a path that is absent is passed over. */
export type Named = readonly [option: string, place: string | undefined];

/**
 * Says before the long computation that a result could not be kept, or would destroy what it is computed
 * from. Paths are compared as the file system knows them: through symbolic and hard links, `..`, and
 * names that differ only in case.
 *
 * @param outputs files that will be written
 * @param inputs files that are read; of a folder, everything in it
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
  // A link in the folder is read there, wherever the file itself lies.
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
  // Neither is there yet. Many file systems take names for the same that differ only in case.
  const [first, second] = await Promise.all([one, other].map(comparable));
  return first === second;
}

async function comparable(place: string): Promise<string> {
  const target = await outputTarget(place).catch(() => path.resolve(place));
  return target.normalize('NFC').toLowerCase();
}

/** @returns the file that will be written, links followed */
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
          ? 'cannot be written: it is a symbolic link into a folder that is not there'
          : `cannot be written: the folder ${folder} is not there or is read-only`;
    throw refuse(why, elsewhere, error);
  }
  const folder = path.dirname(target);
  try {
    await access(folder, constants.W_OK);
  } catch (error) {
    const why = `cannot be written: the folder ${folder} is not there or is read-only`;
    throw refuse(why, elsewhere, error);
  }
  const found = await stat(target).catch(() => null);
  if (found?.isDirectory()) throw refuse('is a folder', 'Give a file name.');
  if (found && !found.isFile()) {
    const remedy =
      option === '--json'
        ? 'Give a file name, or --json - for the standard output where the command takes it.'
        : 'Give a file name; a result is checked on the disk before it counts as written.';
    throw refuse('is a device or a pipe, not a file', remedy);
  }
  return target;
}
