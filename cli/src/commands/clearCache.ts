import { bytesText, printable } from 'fewshot-sam';
import { DiskCache, defaultCacheFolder } from 'fewshot-sam/node';
import { filePath, readOptions } from './options';

/**
 * `fewshot-sam clear-cache`: deletes the embeddings that are kept between runs.
 *
 * @returns what was done, for people
 * @throws UsageError for a wrong option, Error of the file system when a file cannot be deleted
 */
export async function clearCache(args: readonly string[]): Promise<string> {
  const options = readOptions(args, { cache: { type: 'string' } });
  const folder = filePath('cache', options.cache) ?? defaultCacheFolder();
  const { files, bytes } = await new DiskCache(folder).clear();
  if (files === 0) return `Nothing is kept in ${printable(folder)}.\n`;
  return `Deleted the embeddings of ${files === 1 ? '1 slice' : `${files} slices`}, ${bytesText(bytes)}, from ${printable(folder)}.\n`;
}
