/**
 * Says when a cache has to look at its files: listing them at each write would take longer the more
 * are kept. Others write too (a second tab, a second process), so it lists now and then in any case.
 */
export class RunningTotal {
  private kept = Infinity;
  private sinceListing = 0;

  constructor(private readonly limitBytes: number) {}

  /** Whether the files have to be listed, and perhaps some deleted, before so many bytes are written. */
  needsListing(bytes: number): boolean {
    const foreign = this.sinceListing + bytes > this.limitBytes / 8;
    return foreign || this.kept + bytes > this.limitBytes;
  }

  /** @param bytes of the files that are left after a listing */
  listed(bytes: number): void {
    this.kept = bytes;
    this.sinceListing = 0;
  }

  /** @param bytes that were written; of a file that replaced another, too */
  wrote(bytes: number): void {
    this.kept += bytes;
    this.sinceListing += bytes;
  }
}
