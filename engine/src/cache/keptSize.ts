/** What a cache keeps between runs, and at most. */
export interface KeptSize {
  files: number;
  bytes: number;
  limitBytes: number;
}

/** A size for people, in units of 1000 as browsers and file managers show them: `214 MB`. */
export function bytesText(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  if (bytes < 1e9) return `${Math.round(bytes / 1e6)} MB`;
  return `${Number((bytes / 1e9).toFixed(1))} GB`;
}
