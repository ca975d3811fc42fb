import { FewshotError } from 'fewshot-sam';
import type { ArchiveSource } from './dataSource';
import { stowFailure, type StowAnswer } from './stowFailure';

/**
 * Stores a DICOM file through the viewer's data source (STOW-RS).
 *
 * @throws FewshotError `bad-result` when the archive refused it, did not answer, or its answer names
 *   the object as failed
 */
export async function storeSegmentation(
  dataSource: ArchiveSource,
  file: ArrayBuffer,
): Promise<void> {
  // OHIF drops the archive's answer, but sends with the request that it is given.
  const request = typeof XMLHttpRequest === 'function' ? new XMLHttpRequest() : null;
  let cause: unknown;
  try {
    await dataSource.store!.dicom!(file, request ?? undefined);
  } catch (error) {
    cause = error;
  }
  const answer = answerOf(request, cause);
  if (answer) {
    const failure = stowFailure(answer, cause);
    if (failure) throw failure;
  }
  if (cause === undefined) return;
  throw new FewshotError(
    'bad-result',
    `The segmentation could not be sent (${cause instanceof Error ? cause.message : String(cause)}).`,
    'Store again. Meanwhile download the segmentation, so that it is not lost.',
    { cause },
  );
}

/** What the archive said; null when the data source did not use our request and says nothing itself. */
function answerOf(request: XMLHttpRequest | null, error: unknown): StowAnswer | null {
  // 0: the data source made a request of its own.
  if (request && request.readyState !== 0) return { status: request.status, body: bodyOf(request) };
  const { status, response } = (error ?? {}) as { status?: unknown; response?: unknown };
  if (typeof status !== 'number') return null;
  return { status, body: typeof response === 'string' ? response : '' };
}

function bodyOf(request: XMLHttpRequest): string {
  return request.responseType === '' || request.responseType === 'text' ? request.responseText : '';
}
