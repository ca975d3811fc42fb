import { throwIfCancelled } from 'fewshot-sam';
import type { ArchiveSource } from './dataSource';
import type { StowAnswer } from './stowFailure';

/** Milliseconds without a byte sent or an answer, after which an archive counts as silent. */
const PATIENCE = 60_000;

/** How one attempt ended: with an answer, or with an error where nobody tells the answer. */
export interface Attempt {
  answer: StowAnswer | null;
  cause?: unknown;
}

export interface SendOptions {
  signal?: AbortSignal;
  /** Fraction of the file that is on its way, 0..1; null while that is not known. */
  onSent?(fraction: number | null): void;
  patience?: number;
}

/**
 * Sends a DICOM file once through the viewer's data source (STOW-RS), with the viewer's authorization.
 *
 * @throws FewshotError `cancelled`; anything else that goes wrong is in what it returns
 */
export async function sendInstance(
  dataSource: ArchiveSource,
  file: ArrayBuffer,
  { signal, onSent, patience = PATIENCE }: SendOptions = {},
): Promise<Attempt> {
  throwIfCancelled(signal);
  const request = typeof XMLHttpRequest === 'function' ? newRequest() : null;
  const end = request ? follow(request, patience, onSent) : () => undefined;
  const cancelled = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('cancelled')), { once: true });
  });
  // A data source that makes a request of its own goes on with it; nobody waits for it any more.
  cancelled.catch(() => request?.abort());
  let cause: unknown;
  try {
    await Promise.race([dataSource.store!.dicom!(file, request ?? undefined), cancelled]);
  } catch (error) {
    cause = error;
  } finally {
    end();
  }
  throwIfCancelled(signal);
  return { answer: answerOf(request, cause), cause };
}

/**
 * OHIF drops the archive's answer, but sends with the request that it is given. Its dicomweb-client
 * takes the request itself up to 0.10, and as `instance` of an object from 0.11 on.
 */
function newRequest(): XMLHttpRequest {
  const request: XMLHttpRequest & { instance?: XMLHttpRequest } = new XMLHttpRequest();
  request.instance = request;
  return request;
}

/** Tells how far the upload is, and aborts it when it stands still. @returns ends both */
function follow(
  request: XMLHttpRequest,
  patience: number,
  onSent: SendOptions['onSent'],
): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => request.abort(), patience);
  };
  wait();
  request.upload.addEventListener('progress', ({ lengthComputable, loaded, total }) => {
    wait();
    onSent?.(lengthComputable && total > 0 ? loaded / total : null);
  });
  return () => clearTimeout(timer);
}

/** What the archive said; null when the data source did not use our request and says nothing itself. */
function answerOf(request: XMLHttpRequest | null, error: unknown): StowAnswer | null {
  // 0: the data source made a request of its own, or ours was aborted.
  if (request && request.readyState !== 0) return { status: request.status, body: bodyOf(request) };
  const { status, response } = (error ?? {}) as { status?: unknown; response?: unknown };
  if (typeof status !== 'number') return null;
  return { status, body: typeof response === 'string' ? response : '' };
}

function bodyOf(request: XMLHttpRequest): string {
  return request.responseType === '' || request.responseType === 'text' ? request.responseText : '';
}
