import { FewshotError, throwIfCancelled } from 'fewshot-sam';
import {
  type ArchiveConnection,
  type Attempt,
  datasetsOf,
  type DicomJson,
  findInstance,
} from 'fewshot-sam-dicom';
import { partOf } from './multipart';

/** Milliseconds before each further attempt to read. */
const PAUSES = [1000, 4000, 10_000, 20_000];
/** Milliseconds for one request. */
const PATIENCE = 120_000;
const TRANSIENT = [0, 408, 425, 429, 500, 502, 503, 504];

/** An archive that cannot be read. The message holds no part of an address: these may name a patient. */
export class ArchiveError extends FewshotError {
  constructor(
    message: string,
    remedy: string,
    /** HTTP status; 0 without an answer. */
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super('bad-result', message, remedy, options);
  }

  get isTransient(): boolean {
    return TRANSIENT.includes(this.status);
  }
}

/** A client of DICOMweb for Node. Retries what can be retried; follows no redirection to elsewhere. */
export class DicomWeb {
  constructor(
    readonly root: string,
    private readonly headers: Record<string, string>,
    private readonly pauses: readonly number[] = PAUSES,
  ) {}

  /**
   * Reads datasets (QIDO-RS, or metadata of WADO-RS).
   *
   * @returns none if the archive has none
   * @throws ArchiveError, FewshotError `cancelled`
   */
  async datasets(path: string, signal?: AbortSignal): Promise<DicomJson[]> {
    const answer = await this.get(path, 'application/dicom+json', signal);
    if (answer === null) return [];
    let json: unknown;
    try {
      json = JSON.parse(new TextDecoder().decode(answer.bytes));
    } catch (error) {
      throw new ArchiveError(
        'The archive answers a search with something else than DICOM JSON.',
        'Check that --dicomweb is the DICOMweb root of the archive.',
        200,
        { cause: error },
      );
    }
    return datasetsOf(json);
  }

  /**
   * Retrieves an instance as a DICOM file (WADO-RS), in the transfer syntax in which it is stored.
   *
   * @throws ArchiveError, FewshotError `cancelled`
   */
  async instance(path: string, signal?: AbortSignal): Promise<Uint8Array> {
    const accept = 'multipart/related; type="application/dicom"; transfer-syntax=*';
    const answer = await this.get(path, accept, signal, bytesAndType => {
      if (!partOf(bytesAndType.bytes, bytesAndType.type)) throw new Error('cut off');
    });
    const part = answer && partOf(answer.bytes, answer.type);
    if (part) return part;
    throw new ArchiveError(
      'The archive does not have an image that it lists.',
      'Try again; if it stays, tell the administrator of the archive.',
      404,
    );
  }

  /** For `storeSegmentation`. */
  connection(): ArchiveConnection {
    return {
      send: (file, signal) => this.send(file, signal),
      find: (instance, signal) => findInstance(this.root, instance, this.headers, signal),
    };
  }

  private async send(file: ArrayBuffer, signal?: AbortSignal): Promise<Attempt> {
    throwIfCancelled(signal);
    const boundary = `fewshot-${crypto.randomUUID()}`;
    const body = new Blob([
      `--${boundary}\r\nContent-Type: application/dicom\r\n\r\n`,
      file,
      `\r\n--${boundary}--\r\n`,
    ]);
    try {
      const answer = await fetch(`${this.root}/studies`, {
        method: 'POST',
        headers: {
          ...this.headers,
          Accept: 'application/dicom+json',
          'Content-Type': `multipart/related; type="application/dicom"; boundary=${boundary}`,
        },
        body,
        redirect: 'manual',
        signal: withPatience(signal),
      });
      return { answer: { status: answer.status, body: await answer.text() } };
    } catch (error) {
      throwIfCancelled(signal);
      return { answer: { status: 0, body: '' }, cause: error };
    }
  }

  /** @returns null for an answer without content */
  private async get(
    path: string,
    accept: string,
    signal?: AbortSignal,
    check: (answer: { bytes: Uint8Array; type: string }) => void = () => undefined,
  ): Promise<{ bytes: Uint8Array; type: string } | null> {
    for (let attempt = 0; ; attempt++) {
      throwIfCancelled(signal);
      let status = 0;
      let cause: unknown;
      try {
        const answer = await fetch(`${this.root}${path}`, {
          headers: { ...this.headers, Accept: accept },
          redirect: 'manual',
          signal: withPatience(signal),
        });
        status = answer.status;
        const bytes = new Uint8Array(await answer.arrayBuffer());
        if (status === 204) return null;
        if (status >= 200 && status < 300) {
          const found = { bytes, type: answer.headers.get('content-type') ?? '' };
          check(found);
          return found;
        }
      } catch (error) {
        throwIfCancelled(signal);
        // The answer broke off.
        [status, cause] = [0, error];
      }
      if (!TRANSIENT.includes(status) || attempt === this.pauses.length) {
        throw failureOf(status, cause);
      }
      await pause(this.pauses[attempt], signal);
    }
  }
}

function withPatience(signal: AbortSignal | undefined): AbortSignal {
  const patience = AbortSignal.timeout(PATIENCE);
  return signal ? AbortSignal.any([signal, patience]) : patience;
}

function failureOf(status: number, cause: unknown): ArchiveError {
  if (status === 0) {
    const { code } = ((cause as Error | undefined)?.cause ?? {}) as { code?: unknown };
    const why = typeof code === 'string' ? ` (${code})` : '';
    return new ArchiveError(
      `The archive did not answer${why}.`,
      'Check that it runs and can be reached from this machine.',
      status,
      { cause },
    );
  }
  if (status === 401 || status === 403) {
    return new ArchiveError(
      `The archive refuses access (HTTP ${status}).`,
      'Set DICOMWEB_USER and DICOMWEB_PASSWORD, or DICOMWEB_TOKEN, in the environment.',
      status,
    );
  }
  if (status >= 300 && status < 400) {
    return new ArchiveError(
      `The archive sends requests elsewhere (HTTP ${status}).`,
      'Give --dicomweb as the final address.',
      status,
    );
  }
  return new ArchiveError(
    `The archive could not answer (HTTP ${status}).`,
    'Check --dicomweb and --query; if they are right, tell the administrator of the archive.',
    status,
  );
}

/** @throws FewshotError `cancelled` as soon as the signal aborts */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const wake = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener('abort', wake);
    if (signal?.aborted) wake();
  });
  throwIfCancelled(signal);
}
