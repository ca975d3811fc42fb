import { throwIfCancelled } from 'fewshot-sam';
import type { Attempt, StowAnswer } from 'fewshot-sam-dicom';
import type { ArchiveSource } from './dataSource';

/** Milliseconds without progress or an answer, after which the request is aborted. */
const PATIENCE = 60_000;

export interface SendOptions {
  signal?: AbortSignal;
  /** Fraction of the file that was sent, 0..1; null if unknown. */
  onSent?(fraction: number | null): void;
  patience?: number;
}

/**
 * Sends a DICOM file once through the viewer's data source (STOW-RS), with the viewer's authorization.
 *
 * @throws FewshotError `cancelled`; any other error is in the returned attempt
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
  // If the data source makes a request of its own, that one continues, but nothing waits for it.
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
 * OHIF drops the archive's answer, so we pass in the request and read it there. dicomweb-client takes the
 * request itself up to 0.10, and as `instance` of an object since 0.11.
 */
function newRequest(): XMLHttpRequest {
  const request: XMLHttpRequest & { instance?: XMLHttpRequest } = new XMLHttpRequest();
  request.instance = request;
  return request;
}

/** Reports upload progress, and aborts a stalled upload. @returns a function that stops the timeout */
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

/** The archive's answer; null if the data source neither used our request nor reported an answer. */
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
