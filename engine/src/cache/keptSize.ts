/** How much a cache holds, and its limit. */
export interface KeptSize {
  files: number;
  bytes: number;
  limitBytes: number;
}

/** Adds up the sizes of a cache's files. */
export function sizeOf(files: readonly { bytes: number }[], limitBytes: number): KeptSize {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { files: files.length, bytes, limitBytes };
}

/** Formats a size for people, in units of 1000 as browsers and file managers do: `214 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${Math.round(bytes / 1e6)} MB`;
  return `${Number((bytes / 1e9).toFixed(1))} GB`;
}
