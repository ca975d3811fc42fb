import { bytesText, printable } from 'fewshot-sam';
import { DiskCache, defaultCacheFolder } from 'fewshot-sam/node';
import type { Command } from 'commander';
import { createCommand, readCommand, SHARED } from './options';

export function clearCacheCommand(): Command {
  return createCommand('clear-cache', 'Deletes the cached image embeddings.').addOption(
    SHARED.cache(),
  );
}

/**
 * Runs `fewshot-sam clear-cache`: deletes the cached embeddings.
 *
 * @returns a report for people
 * @throws UsageError for an invalid option, Error of the file system when a file cannot be deleted
 */
export async function clearCache(args: readonly string[]): Promise<string> {
  const { cache: folder = defaultCacheFolder() } = readCommand<{ cache?: string }>(
    clearCacheCommand(),
    args,
  );
  const { files, bytes } = await new DiskCache(folder).clear();
  if (files === 0) return `No embeddings in ${printable(folder)}.\n`;
  return `Deleted the embeddings of ${files === 1 ? '1 slice' : `${files} slices`}, ${bytesText(bytes)}, from ${printable(folder)}.\n`;
}
