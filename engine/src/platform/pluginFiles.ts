import { sha256Hex } from './sha256';
import { FewshotError } from './errors';

/** SHA-256, in lower-case hex, of files by their path inside a folder. */
export type FileHashes = Readonly<Record<string, string>>;

const REMEDY =
  'Copy the whole plug-in folder to the web server again, all files of one version, then reload the page.';
const CONNECTION = 'Check the connection to the server, then try again.';

/**
 * Files that the build puts beside the plug-in. Each is checked against the hash compiled into the scripts;
 * a missing or altered file is refused by name before it runs.
 */
export class PluginFiles {
  /**
   * @param folder absolute URL, ending in a slash
   * @param hashes of every file that may be requested
   */
  constructor(
    private readonly folder: string,
    private readonly hashes: FileHashes,
  ) {}

  /**
   * Reads a file.
   *
   * @throws FewshotError `backend-unusable` when it cannot be loaded, `plugin-altered` when its hash
   *   differs
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
   * Checks a file and returns a URL to load it from. For WebAssembly, the URL holds the bytes that were
   * checked. A page can do that for a script only by allowing every script made from text, so a script is
   * checked and then loaded again by its own URL.
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

/** Whether a plug-in file was altered, in which case no other backend may be tried. */
export function isAltered(error: unknown): boolean {
  return error instanceof FewshotError && error.code === 'plugin-altered';
}
