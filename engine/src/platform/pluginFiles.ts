import { sha256Hex } from './sha256';
import { FewshotError } from './errors';

/** SHA-256, in lower-case hex, of files by their path inside a folder. */
export type FileHashes = Readonly<Record<string, string>>;

const REMEDY =
  'Copy the whole plug-in folder to the web server again, all files of one version, then reload the page.';
const CONNECTION = 'Check the connection to the server, then try again.';

/**
 * Files that the build put beside the plug-in, checked against the hashes that it baked into the
 * scripts: whatever is missing or altered is refused by name before it runs.
 */
export class PluginFiles {
  /**
   * @param folder absolute URL, ending in a slash
   * @param hashes of every file that may be asked for
   */
  constructor(
    private readonly folder: string,
    private readonly hashes: FileHashes,
  ) {}

  /**
   * Reads a file.
   *
   * @throws FewshotError `backend-unusable` when it cannot be had, `plugin-altered` when it is another
   */
  async bytes(name: string): Promise<Uint8Array> {
    const bytes = await this.fetch(name);
    const found = await sha256Hex(bytes);
    const expected = this.hashes[name];
    if (found === expected) return bytes;
    throw new FewshotError(
      'plugin-altered',
      `The plug-in file ${name} was altered: its SHA-256 is ${found} instead of ${expected}.`,
      REMEDY,
    );
  }

  /**
   * Where a file can be loaded from after it was checked. WebAssembly is handed on as the very bytes
   * that were checked. A browser cannot do that for a script without allowing every script made from
   * text, so a script is checked and then loaded again by its URL.
   *
   * @throws FewshotError as `bytes` does
   */
  async url(name: string): Promise<string> {
    const bytes = await this.bytes(name);
    if (!name.endsWith('.wasm')) return new URL(name, this.folder).href;
    return URL.createObjectURL(new Blob([bytes as BlobPart], { type: 'application/wasm' }));
  }

  /** Checks every file. @throws FewshotError as `bytes` does */
  async checkAll(): Promise<void> {
    await Promise.all(Object.keys(this.hashes).map(name => this.bytes(name)));
  }

  private async fetch(name: string): Promise<Uint8Array> {
    const failed = (why: string, remedy: string, cause?: unknown) =>
      new FewshotError(
        'backend-unusable',
        `The plug-in file ${name} could not be loaded: ${why}.`,
        remedy,
        { cause },
      );
    let response: Response;
    try {
      response = await fetch(new URL(name, this.folder));
      if (response.ok) return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      throw failed(error instanceof Error ? error.message : String(error), CONNECTION, error);
    }
    throw failed(`the server answered ${response.status}`, REMEDY);
  }
}

/** Whether to give up instead of trying the next way to compute: a file is not what was built. */
export function isAltered(error: unknown): boolean {
  return error instanceof FewshotError && error.code === 'plugin-altered';
}
