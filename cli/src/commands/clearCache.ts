import { bytesText, printable } from 'fewshot-sam';
import { DiskCache, defaultCacheFolder } from 'fewshot-sam/node';
import type { Command } from 'commander';
import { createCommand, readCommand, SHARED } from './options';

export function clearCacheCommand(): Command {
  return createCommand(
    'clear-cache',
    'Deletes the image embeddings that are kept between runs.',
  ).addOption(SHARED.cache());
}

/**
 * `fewshot-sam clear-cache`: deletes the embeddings that are kept between runs.
 *
 * @returns what was done, for people
 * @throws UsageError for a wrong option, Error of the file system when a file cannot be deleted
 */
export async function clearCache(args: readonly string[]): Promise<string> {
  const { cache: folder = defaultCacheFolder() } = readCommand<{ cache?: string }>(
    clearCacheCommand(),
    args,
  );
  const { files, bytes } = await new DiskCache(folder).clear();
  if (files === 0) return `Nothing is kept in ${printable(folder)}.\n`;
  return `Deleted the embeddings of ${files === 1 ? '1 slice' : `${files} slices`}, ${bytesText(bytes)}, from ${printable(folder)}.\n`;
}
